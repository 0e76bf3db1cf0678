package slacksim

import (
	"fmt"
	"strings"

	"caseline/internal/slacksim/world"
)

// Dump writes what is in this Slack for people to read, for the message of a
// test that failed.
func (s *Server) Dump() string {
	var b strings.Builder
	for _, ws := range s.World.Workspaces() {
		fmt.Fprintf(&b, "workspace %s %s\n", ws.Domain, ws.ID)
		names := map[string]string{}
		for _, u := range s.World.Users(ws.ID) {
			names[u.ID] = u.Name
		}
		for _, ch := range s.World.AllChannels(ws.ID) {
			s.dumpChannel(&b, ch, names)
		}
	}
	fmt.Fprintf(&b, "undelivered: %d\n", s.World.Undelivered())
	return b.String()
}

func (s *Server) dumpChannel(b *strings.Builder, ch world.Channel, names map[string]string) {
	var members []string
	for _, m := range ch.Members {
		members = append(members, names[m])
	}
	fmt.Fprintf(b, "  %s %s %s archived=%t members=%s\n", ch.Kind, ch.Name, ch.ID, ch.Archived, strings.Join(members, ","))
	for _, m := range s.World.All(ch.ID) {
		indent := "    "
		if m.IsReply() {
			indent = "      ↳ "
		}
		who := names[m.User]
		if m.Customised() {
			who = m.Username + " (bot)"
		}
		fmt.Fprintf(b, "%s%s %s %s: %q", indent, m.TS, m.Subtype, who, m.Text)
		for _, f := range m.Files {
			fmt.Fprintf(b, " [%s]", f.Name)
		}
		if m.Edited != nil {
			b.WriteString(" (edited)")
		}
		if m.PinnedBy != "" {
			b.WriteString(" (pinned)")
		}
		b.WriteString("\n")
	}
}
