package mrkdwn

import "strings"

// testResolver knows a few people and, like any name, they are not to be
// trusted.
var testResolver = Resolver{
	User: func(id string) string {
		return map[string]string{"U1": "Alice", "U2": `<b>"Bob'&`}[id]
	},
	Channel: func(id string) (name, instead string) { return map[string]string{"C1": "general"}[id], "" },
	Group:   func(id string) (name, instead string) { return map[string]string{"S1": "ops"}[id], "" },
	Emoji: func(name string) (text, image string) {
		switch {
		case name == "party":
			return "", "https://emoji.example/party.gif?a=1&b=\"2"
		case name == "local":
			return "", "/emoji/local.png"
		case strings.HasPrefix(name, "bad"):
			return "", "javascript:alert(1)"
		}
		return "", ""
	},
}

// section wraps inline elements into the blocks of a message.
func section(elements ...string) string {
	return message(`{"type":"rich_text_section","elements":[` + strings.Join(elements, ",") + `]}`)
}

func message(elements ...string) string {
	return `[{"type":"rich_text","block_id":"aBc","elements":[` + strings.Join(elements, ",") + `]}]`
}

var blockSeeds = []string{
	"", "null", "[]", "{}", "[{}]", `[{"type":"rich_text"`, `[{"type":"rich_text","elements":[]}]`,
	section(`{"type":"text","text":"hi "}`, `{"type":"user","user_id":"U333"}`, `{"type":"text","text":" b","style":{"bold":true}}`),
	section(`{"type":"link","url":"https://a.b","text":"x","style":{"code":true}}`, `{"type":"emoji","name":"tada","unicode":"1f389","skin_tone":3}`),
	section(`{"type":"date","timestamp":1720710212,"format":"{date_num} at {time}","url":"https://x.y","fallback":"f"}`),
	section(`{"type":"color","value":"#F405B3"}`, `{"type":"team","team_id":"T1"}`, `{"type":"new","text":"\u00e9\ud83c\udf89\n"}`),
	message(`{"elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a"}]}],"type":"rich_text_list","style":"ordered","indent":1,"offset":3,"border":1}`,
		`{"type":"rich_text_preformatted","elements":[{"type":"text","text":"x"}],"border":0,"language":"go"}`,
		`{"type":"rich_text_quote","elements":[{"type":"text","text":"q\nr"}]}`),
	`[{"type":"section","text":{"type":"mrkdwn","text":"*x*"}},{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"y"}]}]}]`,
}
