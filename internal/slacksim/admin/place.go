package admin

import (
	"net/http"
	"net/url"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/grid"
	"caseline/internal/slacksim/oauth"
	"caseline/internal/slacksim/world"
)

// placeAddresses are those about workspaces and organisations, and the apps that
// are installed there.
func (s *Server) placeAddresses() []address {
	return []address{
		{"POST /_sim/workspaces", "make a workspace, or bring one into an organisation", "domain, name, organisation (a domain; made if there is none)", s.postWorkspace},
		{"POST /_sim/people", "add a person, or bring one of the organisation in by their id", "workspace, person, name, email, admin, guest", s.postPeople},
		{"POST /_sim/migrations", "move a workspace into an organisation in two steps", "do (start, finish), workspace, organisation", s.postMigration},
		{"POST /_sim/apps", "change how an app is installed", "app, redirect_urls, optional, org_ready, rotation", s.postApp},
		{"POST /_sim/consents", "have a person allow what an app asks for; answers where their browser goes", "person, workspace, address (to which the app sends them; Slack's own page of app if empty), app, without, organisation for the whole, deny", s.postConsent},
		{"POST /_sim/uninstalls", "take an app away, or with tokens_only only its tokens", "app, workspace or organisation, tokens_only, told (the events about it, in their order)", s.postUninstall},
		{"POST /_sim/access", "let an app of an organisation into a workspace, or out of it", "app, workspace, on", s.postAccess},
	}
}

func (s *Server) organisation(name string) (world.Organisation, error) {
	for _, o := range s.sim.World.Organisations() {
		if name != "" && (o.Domain == name || o.ID == name) {
			return o, nil
		}
	}
	return world.Organisation{}, missing("organisation", name)
}

func (s *Server) postWorkspace(r *http.Request) (any, error) {
	var q struct{ Domain, Name, Organisation string }
	if err := read(r, &q); err != nil {
		return nil, err
	}
	if q.Domain == "" {
		return nil, unreadable("domain is missing")
	}
	ws := s.sim.Workspace(q.Domain)
	if q.Name != "" {
		ws.Configure(func(w *world.Workspace) { w.Name = q.Name })
	}
	if q.Organisation != "" {
		s.sim.Organisation(q.Organisation).Workspace(q.Domain)
	}
	row, _ := s.sim.World.Workspace(ws.ID)
	return map[string]any{"ok": true, "workspace": row}, nil
}

func (s *Server) postPeople(r *http.Request) (any, error) {
	var q struct {
		Workspace, Person, Name, Email string
		Admin, Guest                   bool
	}
	if err := read(r, &q); err != nil {
		return nil, err
	}
	ws, err := s.workspace(q.Workspace)
	if err != nil {
		return nil, err
	}
	if q.Person == "" {
		return nil, unreadable("person is missing")
	}
	if u, ok := s.sim.World.User(q.Person); ok {
		return nil, grid.Enter(s.sim.World, u.ID, ws.ID)
	}
	u := ws.AddUser(q.Person, q.Name, slacksim.Email(q.Email), func(u *world.User) { u.Admin, u.Restricted = q.Admin, q.Guest })
	row, _ := s.sim.World.User(u.ID)
	return map[string]any{"ok": true, "person": row}, nil
}

func (s *Server) postMigration(r *http.Request) (any, error) {
	var q struct{ Do, Workspace, Organisation string }
	if err := read(r, &q); err != nil {
		return nil, err
	}
	steps := map[string]func(w *world.World, workspace, organisation string) error{"start": grid.Start, "finish": grid.Finish}
	step := steps[q.Do]
	if step == nil {
		return nil, unreadable("there is no %q for migrations", q.Do)
	}
	ws, err := s.workspace(q.Workspace)
	if err != nil {
		return nil, err
	}
	org, err := grid.Found(s.sim.World, q.Organisation, "")
	if err != nil {
		return nil, err
	}
	return nil, step(s.sim.World, ws.ID, org.ID)
}

func (s *Server) postApp(r *http.Request) (any, error) {
	var q struct {
		App       string   `json:"app"`
		Redirects []string `json:"redirect_urls"`
		Optional  []string `json:"optional"`
		OrgReady  *bool    `json:"org_ready"`
		Rotation  *bool    `json:"rotation"`
	}
	if err := read(r, &q); err != nil {
		return nil, err
	}
	row, err := s.anyApp(q.App)
	if err != nil {
		return nil, err
	}
	if q.Redirects != nil {
		row.RedirectURLs = q.Redirects
	}
	if q.Optional != nil {
		row.Optional = q.Optional
	}
	if q.OrgReady != nil {
		row.OrgReady = *q.OrgReady
	}
	if q.Rotation != nil {
		row.Rotation = *q.Rotation
	}
	row, err = s.sim.World.PutApp(row)
	return map[string]any{"ok": true, "app": row}, err
}

// anyApp is the app with an id, installed or not; the only one if none is named.
func (s *Server) anyApp(id string) (world.App, error) {
	all := s.sim.World.Apps.All()
	if id == "" && len(all) == 1 {
		return all[0], nil
	}
	row, ok := s.sim.World.Apps.App(id)
	if !ok {
		return row, missing("app", id)
	}
	return row, nil
}

func (s *Server) postConsent(r *http.Request) (any, error) {
	var q struct {
		Workspace, Organisation, Person, Address, App string
		Without                                       []string
		Deny                                          bool
	}
	if err := read(r, &q); err != nil {
		return nil, err
	}
	sc, err := s.find(act{Workspace: q.Workspace, Person: q.Person})
	if err != nil {
		return nil, err
	}
	given := oauth.Consent{User: sc.user.ID, Without: q.Without}
	if given.Place, err = s.place(sc.ws.ID, q.Organisation); err != nil {
		return nil, err
	}
	query, err := s.asked(q.Address, q.App)
	if err != nil {
		return nil, err
	}
	request, err := oauth.Read(s.sim.World, query)
	if err != nil {
		return nil, err
	}
	to := request.Deny()
	if !q.Deny {
		to, err = request.Allow(s.sim.World, given)
	}
	return map[string]any{"ok": true, "to": to}, err
}

// asked is the query of the page to which an app sends people.
func (s *Server) asked(address, app string) (url.Values, error) {
	if address == "" {
		row, err := s.anyApp(app)
		return oauth.Direct(row), err
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, unreadable("the address cannot be read: %v", err)
	}
	return u.Query(), nil
}

// place is the id of an organisation if one is named, else the workspace.
func (s *Server) place(workspace, organisation string) (string, error) {
	if organisation == "" {
		return workspace, nil
	}
	org, err := s.organisation(organisation)
	return org.ID, err
}

func (s *Server) postUninstall(r *http.Request) (any, error) {
	var q struct {
		App          string   `json:"app"`
		Workspace    string   `json:"workspace"`
		Organisation string   `json:"organisation"`
		TokensOnly   bool     `json:"tokens_only"`
		Told         []string `json:"told"`
	}
	if err := read(r, &q); err != nil {
		return nil, err
	}
	app, err := s.anyApp(q.App)
	if err != nil {
		return nil, err
	}
	at := ""
	if q.Organisation == "" {
		ws, err := s.workspace(q.Workspace)
		if err != nil {
			return nil, err
		}
		at = ws.ID
	}
	if at, err = s.place(at, q.Organisation); err != nil {
		return nil, err
	}
	if q.TokensOnly {
		return nil, oauth.RevokeTokens(s.sim.World, app.ID, at)
	}
	return nil, oauth.Uninstall(s.sim.World, app.ID, at, q.Told...)
}

func (s *Server) postAccess(r *http.Request) (any, error) {
	var q struct {
		App, Workspace string
		On             bool
	}
	if err := read(r, &q); err != nil {
		return nil, err
	}
	app, err := s.anyApp(q.App)
	if err != nil {
		return nil, err
	}
	ws, err := s.workspace(q.Workspace)
	if err != nil {
		return nil, err
	}
	if q.On {
		return nil, grid.Admit(s.sim.World, app.ID, ws.ID)
	}
	return nil, grid.Expel(s.sim.World, app.ID, ws.ID)
}
