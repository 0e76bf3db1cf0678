package emoji

import (
	_ "embed" // the table of emoji
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed emoji.txt
var table string

// flags are the countries and regions whose flags Slack has, by code.
const flags = `ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo
bq br bs bt bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cp cr cu cv cw cx cy cz de dg dj dk dm do dz
ea ec ee eg eh er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk
hm hn hr ht hu ic id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li
lk lr ls lt lu lv ly ma mc md me mf mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng
ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh
si sj sk sl sm sn so sr ss st sv sx sy sz ta tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug um un
us uy uz va vc ve vg vi vn vu wf ws xk ye yt za zm zw`

// byName is read once from the table and then only looked at. Each line of the
// table holds words of the form "name,other_name=😀"; lines that begin with
// "# " are headings.
var byName = sync.OnceValue(func() map[string]string {
	names := make(map[string]string, 2000)
	for line := range strings.Lines(table) {
		if strings.HasPrefix(line, "# ") {
			continue
		}
		for word := range strings.FieldsSeq(line) {
			all, shown, _ := strings.Cut(word, "=")
			for name := range strings.SplitSeq(all, ",") {
				names[name] = shown
			}
		}
	}
	for code := range strings.FieldsSeq(flags) {
		names["flag-"+code] = string([]rune{regional(code[0]), regional(code[1])})
	}
	return names
})

func regional(c byte) rune { return 0x1f1e6 + rune(c-'a') }

// Names returns the names of the common emoji, in the order of the alphabet.
func Names() []string { return slices.Sorted(maps.Keys(byName())) }

// Text returns the characters of a common emoji, empty if its name is not a
// common one. The name may carry a skin tone: "wave::skin-tone-3".
func Text(name string) string {
	base, tone, toned := strings.Cut(name, "::")
	shown := byName()[base]
	if !toned || shown == "" {
		return shown
	}
	// The tone belongs right after the person, before what she does.
	_, size := utf8.DecodeRuneInString(shown)
	rest := strings.TrimPrefix(shown[size:], "\ufe0f")
	return shown[:size] + byName()[tone] + rest
}

// Base returns the name without a skin tone.
func Base(name string) string {
	base, _, _ := strings.Cut(name, "::")
	return base
}
