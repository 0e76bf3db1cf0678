package transcript

import "caseline/internal/mrkdwn"

// mentioned says what the ids are called that the texts of lines mention, by the
// token that stands in the text.
func mentioned(lines []Line, names mrkdwn.Resolver) map[string]string {
	found := map[string]string{}
	note := func(token, name string) {
		if name != "" {
			found[token] = name
		}
	}
	r := mrkdwn.Resolver{
		User: func(id string) string {
			if names.User != nil {
				note("<@"+id+">", at("@", names.User(id), ""))
			}
			return ""
		},
		Channel: func(id string) (name, instead string) {
			if names.Channel != nil {
				name, instead = names.Channel(id)
				note("<#"+id+">", at("#", name, instead))
			}
			return "", ""
		},
		Group: func(id string) (handle, instead string) {
			if names.Group != nil {
				handle, instead = names.Group(id)
				note("<!subteam^"+id+">", at("@", handle, instead))
			}
			return "", ""
		},
	}
	for _, l := range lines {
		mrkdwn.Plain(l.Text, r)
		for _, c := range l.Changes {
			mrkdwn.Plain(c.Text, r)
		}
	}
	return found
}

func at(sign, name, instead string) string {
	if name == "" {
		return instead
	}
	return sign + name
}
