package markup

import (
	"iter"
	"maps"
	"strconv"
	"strings"
)

// pictures are the emoji this client knows by name: those that people and apps
// of a support desk use. It is never changed.
var pictures = map[string]string{
	"+1": "👍", "thumbsup": "👍", "-1": "👎", "thumbsdown": "👎", "wave": "👋", "clap": "👏", "pray": "🙏", "ok_hand": "👌",
	"raised_hands": "🙌", "muscle": "💪", "point_right": "👉", "point_left": "👈", "point_up": "☝️", "point_down": "👇", "handshake": "🤝",
	"raised_hand": "✋", "v": "✌️", "eyes": "👀", "writing_hand": "✍️", "brain": "🧠",
	"smile": "😄", "grinning": "😀", "slightly_smiling_face": "🙂", "blush": "😊", "wink": "😉", "joy": "😂", "laughing": "😆",
	"sweat_smile": "😅", "thinking_face": "🤔", "confused": "😕", "disappointed": "😞", "cry": "😢", "sob": "😭", "rage": "😡",
	"scream": "😱", "sunglasses": "😎", "heart_eyes": "😍", "neutral_face": "😐", "sleeping": "😴", "face_palm": "🤦", "shrug": "🤷",
	"partying_face": "🥳", "nerd_face": "🤓", "hugging_face": "🤗", "grimacing": "😬", "relieved": "😌", "upside_down_face": "🙃",
	"heart": "❤️", "broken_heart": "💔", "tada": "🎉", "sparkles": "✨", "fire": "🔥", "rocket": "🚀", "star": "⭐", "100": "💯", "boom": "💥",
	"white_check_mark": "✅", "heavy_check_mark": "✔️", "ballot_box_with_check": "☑️", "x": "❌", "warning": "⚠️", "no_entry": "⛔",
	"no_entry_sign": "🚫", "question": "❓", "exclamation": "❗", "bangbang": "‼️", "information_source": "ℹ️", "red_circle": "🔴",
	"large_orange_circle": "🟠", "large_yellow_circle": "🟡", "large_green_circle": "🟢", "large_blue_circle": "🔵",
	"white_circle": "⚪", "black_circle": "⚫", "small_red_triangle": "🔺", "rotating_light": "🚨", "bell": "🔔", "no_bell": "🔕", "mega": "📣",
	"loudspeaker": "📢", "speech_balloon": "💬", "left_speech_bubble": "🗨️", "thought_balloon": "💭", "lock": "🔒", "unlock": "🔓", "key": "🔑",
	"hourglass": "⌛", "hourglass_flowing_sand": "⏳", "stopwatch": "⏱️", "alarm_clock": "⏰", "clock1": "🕐", "calendar": "📆", "date": "📅",
	"pushpin": "📌", "round_pushpin": "📍", "paperclip": "📎", "link": "🔗", "memo": "📝", "pencil": "📝", "pencil2": "✏️", "clipboard": "📋",
	"page_facing_up": "📄", "file_folder": "📁", "open_file_folder": "📂", "bookmark": "🔖", "label": "🏷️", "ticket": "🎫", "package": "📦",
	"inbox_tray": "📥", "outbox_tray": "📤", "email": "✉️", "envelope": "✉️", "telephone_receiver": "📞", "phone": "☎️", "computer": "💻",
	"desktop_computer": "🖥️", "iphone": "📱", "floppy_disk": "💾", "bug": "🐛", "wrench": "🔧", "hammer": "🔨", "hammer_and_wrench": "🛠️",
	"gear": "⚙️", "mag": "🔍", "bulb": "💡", "electric_plug": "🔌", "battery": "🔋", "chart_with_upwards_trend": "📈", "bar_chart": "📊",
	"credit_card": "💳", "moneybag": "💰", "shield": "🛡️", "globe_with_meridians": "🌐", "robot_face": "🤖", "ghost": "👻", "man-shrugging": "🤷‍♂️",
	"woman-shrugging": "🤷‍♀️", "bust_in_silhouette": "👤", "busts_in_silhouette": "👥", "headphones": "🎧", "coffee": "☕", "pizza": "🍕",
	"cake": "🍰", "beer": "🍺", "seedling": "🌱", "sunny": "☀️", "cloud": "☁️", "umbrella": "☂️", "snowflake": "❄️", "zap": "⚡", "rainbow": "🌈",
	"dog": "🐶", "cat": "🐱", "tiger": "🐯", "soccer": "⚽", "trophy": "🏆", "checkered_flag": "🏁", "arrow_right": "➡️", "arrow_left": "⬅️",
	"arrow_up": "⬆️", "arrow_down": "⬇️", "arrows_counterclockwise": "🔄", "repeat": "🔁", "heavy_plus_sign": "➕", "heavy_minus_sign": "➖",
	"one": "1️⃣", "two": "2️⃣", "three": "3️⃣", "four": "4️⃣", "five": "5️⃣", "new": "🆕", "sos": "🆘", "ok": "🆗", "recycle": "♻️",
}

// Emoji returns the picture of a name without colons, with or without a skin
// tone. Names it does not know are custom emoji or ones nobody uses here.
func Emoji(name string) (picture string, ok bool) {
	name, tone, toned := strings.Cut(name, "::skin-tone-")
	picture, ok = pictures[name]
	if n, err := strconv.Atoi(tone); toned && ok && err == nil && n >= 2 && n <= 6 {
		picture = strings.TrimSuffix(picture, "\ufe0f") + string(rune(0x1f3fb+n-2))
	}
	return picture, ok
}

// An Emote is an emoji as it is drawn: characters, or a picture at an address.
type Emote struct{ Name, Picture, Address string }

// cutEmoji splits s at the first :name: that find knows.
func cutEmoji(s string, find func(string) (Emote, bool)) (before string, e Emote, after string, ok bool) {
	for from := 0; ; {
		open := strings.IndexByte(s[from:], ':')
		if open < 0 {
			return "", Emote{}, "", false
		}
		open += from
		n := strings.IndexFunc(s[open+1:], func(r rune) bool { return !isEmojiRune(r) })
		if n > 0 && s[open+1+n] == ':' {
			name, end := s[open+1:open+1+n], open+2+n
			if tone := "::skin-tone-"; strings.HasPrefix(s[end-1:], tone) && len(s) > end+len(tone) && s[end+len(tone)] == ':' {
				name, end = s[open+1:end+len(tone)], end+len(tone)+1
			}
			if e, ok := find(name); ok {
				return s[:open], e, s[end:], true
			}
		}
		from = open + 1
	}
}

func isEmojiRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_' || r == '+' || r == '-' || r == '\''
}

// AllEmoji returns every name and its picture.
func AllEmoji() iter.Seq2[string, string] { return maps.All(pictures) }
