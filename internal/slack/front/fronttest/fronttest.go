package fronttest

import (
	"context"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/api"
	"caseline/internal/store"
)

// Nothing is a store in which nothing is.
type Nothing struct{ store.Store }

func (Nothing) CaseAt(context.Context, desk.Place) (desk.Case, error) {
	return desk.Case{}, desk.ErrNotFound
}

func (Nothing) Case(context.Context, desk.CaseID) (desk.Case, error) {
	return desk.Case{}, desk.ErrNotFound
}

func (Nothing) ChannelsAt(context.Context, desk.WorkspaceID, desk.ChannelID) ([]served.ChannelConfig, error) {
	return nil, nil
}

// Silent is a Slack that takes everything.
type Silent struct{}

func (Silent) PushView(context.Context, string, any) error           { return nil }
func (Silent) OpenView(context.Context, string, any) (string, error) { return "V1", nil }
func (Silent) UpdateView(context.Context, string, string, any) error { return nil }
func (Silent) UpdateNamed(context.Context, string, any) error        { return nil }
func (Silent) Respond(context.Context, string, api.Answer) error     { return nil }
func (Silent) PostEphemeral(context.Context, string, api.Post) error { return nil }
func (Silent) PostMessage(context.Context, api.Post) (string, error) { return "", nil }

func (Silent) ChannelInfo(context.Context, string) (api.Channel, error) { return api.Channel{}, nil }

func (Silent) History(context.Context, api.Span) ([]api.Message, string, error) { return nil, "", nil }

func (Silent) UserInfo(context.Context, string) (api.User, error) { return api.User{}, nil }
