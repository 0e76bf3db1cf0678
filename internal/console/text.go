package console

import (
	"html/template"

	"caseline/internal/console/drawn"
	"caseline/internal/console/outside"
	"caseline/internal/console/record"
	"caseline/internal/desk"
	"caseline/internal/desk/rights"
	"caseline/internal/mrkdwn"
)

// view is how an agent sees a log: with the names of those it mentions and in
// the agent's time zone.
func (s *Server) view(src record.Source, who desk.Agent, face drawn.Clockface) record.View {
	names := s.names(src.Case.Workspace, src.People)
	names.Location, names.Emoji = face.Zone, outside.Named(s.opt.Emoji, src.Case.Workspace)
	var running desk.ChatID
	if src.Case.Chat.State == desk.ChatInProgress {
		running = src.Case.Chat.ID
	}
	return record.View{
		Tongue: face.Tongue,
		Me:     who.ID, Looks: !rights.May(who, rights.Answer), Chat: running, Zone: face.Zone,
		HTML:  func(markdown string) template.HTML { return s.prose.HTML(markdown, names) },
		Plain: func(markdown string) string { return mrkdwn.Plain(markdown, names) },
		Redline: func(earlier, later string) (was, now template.HTML) {
			return mrkdwn.Redline(earlier, later, names)
		},
		Emoji: func(name string) template.HTML { return mrkdwn.Emoji(name, names) },
	}
}

// names resolves what a workspace's texts mention.
func (s *Server) names(w desk.WorkspaceID, people map[desk.PersonID]desk.Person) mrkdwn.Resolver {
	return outside.Mentioned(s.opt.Mentions, w, func(id string) string { return people[s.opt.Person(w, id)].Name })
}
