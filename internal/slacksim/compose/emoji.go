package compose

import (
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// emojiTable lists the emoji this Slack knows: name, and code points in
// hexadecimal as Slack's rich text has them.
const emojiTable = `
grinning 1f600 smiley 1f603 smile 1f604 grin 1f601 laughing 1f606 sweat_smile 1f605 joy 1f602
rolling_on_the_floor_laughing 1f923 slightly_smiling_face 1f642 upside_down_face 1f643 wink 1f609 blush 1f60a
innocent 1f607 heart_eyes 1f60d kissing_heart 1f618 yum 1f60b stuck_out_tongue 1f61b thinking_face 1f914
face_with_raised_eyebrow 1f928 neutral_face 1f610 expressionless 1f611 unamused 1f612 face_with_rolling_eyes 1f644
grimacing 1f62c relieved 1f60c pensive 1f614 sleepy 1f62a sleeping 1f634 mask 1f637 sunglasses 1f60e
nerd_face 1f913 confused 1f615 worried 1f61f slightly_frowning_face 1f641 white_frowning_face 2639-fe0f
open_mouth 1f62e hushed 1f62f astonished 1f632 flushed 1f633 fearful 1f628 cold_sweat 1f630
disappointed_relieved 1f625 cry 1f622 sob 1f62d scream 1f631 persevere 1f623 disappointed 1f61e sweat 1f613
weary 1f629 tired_face 1f62b yawning_face 1f971 triumph 1f624 rage 1f621 angry 1f620 skull 1f480
hankey 1f4a9 ghost 1f47b robot_face 1f916 wave 1f44b raised_hand 270b ok_hand 1f44c crossed_fingers 1f91e
v 270c-fe0f point_left 1f448 point_right 1f449 point_up_2 1f446 point_down 1f447 +1 1f44d -1 1f44e fist 270a
clap 1f44f raised_hands 1f64c pray 1f64f handshake 1f91d muscle 1f4aa eyes 1f440 brain 1f9e0 bow 1f647
shrug 1f937 facepalm 1f926 dog 1f436 cat 1f431 bug 1f41b bee 1f41d turtle 1f422 snake 1f40d whale 1f433
heart 2764-fe0f orange_heart 1f9e1 yellow_heart 1f49b green_heart 1f49a blue_heart 1f499 purple_heart 1f49c
broken_heart 1f494 sparkles 2728 star 2b50 fire 1f525 100 1f4af boom 1f4a5 zzz 1f4a4 rainbow 1f308
sunny 2600-fe0f cloud 2601-fe0f zap 26a1 snowflake 2744-fe0f coffee 2615 beer 1f37a pizza 1f355 cake 1f370
tada 1f389 gift 1f381 trophy 1f3c6 rocket 1f680 car 1f697 airplane 2708-fe0f ship 1f6a2
hourglass 231b hourglass_flowing_sand 23f3 watch 231a alarm_clock 23f0 bell 1f514 mega 1f4e3 speech_balloon 1f4ac
bulb 1f4a1 wrench 1f527 hammer 1f528 gear 2699-fe0f lock 1f512 unlock 1f513 key 1f511 mag 1f50d link 1f517
paperclip 1f4ce pushpin 1f4cc round_pushpin 1f4cd memo 1f4dd pencil2 270f-fe0f bar_chart 1f4ca clipboard 1f4cb calendar 1f4c6
package 1f4e6 email 2709-fe0f telephone_receiver 1f4de computer 1f4bb floppy_disk 1f4be
warning 26a0-fe0f rotating_light 1f6a8 no_entry 26d4 no_entry_sign 1f6ab x 274c o 2b55 white_check_mark 2705
heavy_check_mark 2714-fe0f question 2753 exclamation 2757 bangbang 203c-fe0f
red_circle 1f534 large_blue_circle 1f535 white_circle 26aa black_circle 26ab large_orange_circle 1f7e0
large_yellow_circle 1f7e1 large_green_circle 1f7e2 arrow_right 27a1-fe0f arrow_left 2b05-fe0f arrow_up 2b06-fe0f
arrow_down 2b07-fe0f recycle 267b-fe0f heavy_plus_sign 2795 heavy_minus_sign 2796
`

// aliases are other names for the same picture.
const aliasTable = `thumbsup +1 thumbsdown -1 poop hankey face_palm facepalm`

type emojis struct {
	byName map[string]string // name → code points
	byText map[string]string // characters, without U+FE0F → name
}

// known is the parsed table; it never changes.
var known = sync.OnceValue(func() emojis {
	out := emojis{byName: map[string]string{}, byText: map[string]string{}}
	words := strings.Fields(emojiTable)
	for i := 0; i+1 < len(words); i += 2 {
		out.byName[words[i]] = words[i+1]
		text := characters(strings.TrimSuffix(words[i+1], "-fe0f"))
		out.byText[text] = words[i]
	}
	words = strings.Fields(aliasTable)
	for i := 0; i+1 < len(words); i += 2 {
		out.byName[words[i]] = out.byName[words[i+1]]
	}
	return out
})

func characters(points string) string {
	var b strings.Builder
	for p := range strings.SplitSeq(points, "-") {
		if n, err := strconv.ParseInt(p, 16, 32); err == nil {
			b.WriteRune(rune(n))
		}
	}
	return b.String()
}

// emojiAt finds a Unicode emoji at the beginning of s.
func emojiAt(s string) (name string, size int) {
	r, n := utf8.DecodeRuneInString(s)
	if r < 0x203c {
		return "", 0
	}
	name, ok := known().byText[s[:n]]
	if !ok {
		return "", 0
	}
	size = n
	if strings.HasPrefix(s[size:], "\ufe0f") {
		size += len("\ufe0f")
	}
	if tone, n := utf8.DecodeRuneInString(s[size:]); tone >= 0x1f3fb && tone <= 0x1f3ff {
		return name + "::skin-tone-" + strconv.Itoa(int(tone-0x1f3fb)+2), size + n
	}
	return name, size
}

// nameAt finds :name: of a known emoji, or one of the workspace's own, at the
// beginning of s.
func nameAt(s string, names Names) (name string, size int) {
	if !strings.HasPrefix(s, ":") {
		return "", 0
	}
	end := strings.IndexByte(s[1:], ':')
	if end < 1 {
		return "", 0
	}
	name, size = s[1:1+end], end+2
	if _, ok := known().byName[name]; !ok {
		if names.Emoji != nil && names.Emoji(name) {
			return name, size
		}
		return "", 0
	}
	if rest := s[size:]; strings.HasPrefix(rest, ":skin-tone-") && len(rest) > 12 && rest[12] == ':' && rest[11] >= '2' && rest[11] <= '6' {
		return name + ":" + rest[:12], size + 13
	}
	return name, size
}
