package entity

import "cmp"

// A Value is what a person put into one element of a view or message, as it
// stands in state.values.
type Value = map[string]any

// A View is a modal, or an app's home tab.
type View struct {
	ID              string                      `json:"id"`
	Workspace       string                      `json:"team_id"`
	Enterprise      string                      `json:"enterprise,omitempty"` // whose the app's installation is, if it is an organisation's
	Type            string                      `json:"type"`                 // modal or home
	App             string                      `json:"app_id"`
	BotID           string                      `json:"bot_id"`
	User            string                      `json:"user"` // whom it is shown to
	Title           map[string]any              `json:"title,omitempty"`
	Submit          map[string]any              `json:"submit,omitempty"`
	Close           map[string]any              `json:"close,omitempty"`
	Blocks          []Block                     `json:"blocks"`
	PrivateMetadata string                      `json:"private_metadata"`
	CallbackID      string                      `json:"callback_id"`
	ExternalID      string                      `json:"external_id"`
	NotifyOnClose   bool                        `json:"notify_on_close"`
	ClearOnClose    bool                        `json:"clear_on_close"`
	SubmitDisabled  bool                        `json:"submit_disabled"`
	Hash            string                      `json:"hash"`
	Root            string                      `json:"root_view_id"`
	Previous        string                      `json:"previous_view_id,omitempty"`
	State           map[string]map[string]Value `json:"state,omitempty"` // by block, by action
	// Errors are shown at their blocks after a refused submission.
	Errors map[string]string `json:"errors,omitempty"`
}

// Wire is the view as the Web API and payloads have it.
func (v View) Wire() map[string]any {
	out := map[string]any{
		"id": v.ID, "team_id": v.Workspace, "type": v.Type, "blocks": v.Blocks, "private_metadata": v.PrivateMetadata,
		"callback_id": v.CallbackID, "external_id": v.ExternalID, "state": map[string]any{"values": v.values()},
		"hash": v.Hash, "clear_on_close": v.ClearOnClose, "notify_on_close": v.NotifyOnClose,
		"root_view_id": v.Root, "app_id": v.App, "bot_id": v.BotID, "app_installed_team_id": cmp.Or(v.Enterprise, v.Workspace), "previous_view_id": nil,
	}
	if v.Previous != "" {
		out["previous_view_id"] = v.Previous
	}
	if v.Type == "modal" {
		out["title"], out["close"], out["submit"] = v.Title, nil, nil
		out["submit_disabled"] = v.SubmitDisabled
		if v.Close != nil {
			out["close"] = v.Close
		}
		if v.Submit != nil {
			out["submit"] = v.Submit
		}
	}
	return out
}

func (v View) values() map[string]map[string]Value {
	if v.State == nil {
		return map[string]map[string]Value{}
	}
	return v.State
}
