package consent

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/look"
	"caseline/internal/slacksim/oauth"
	"caseline/internal/slacksim/world"
)

//go:embed consent.html consent.css
var files embed.FS

const authorize = "/oauth/v2/authorize"

// A Server serves the pages. Create it with New.
type Server struct {
	world *world.World
	pages *template.Template
}

// New returns the pages for a simulated Slack.
func New(w *world.World) (*Server, error) {
	pages, err := template.New("").Funcs(template.FuncMap{"initials": look.Initials, "about": oauth.About}).ParseFS(files, "consent.html")
	if err != nil {
		return nil, fmt.Errorf("read the pages of consent: %w", err)
	}
	return &Server{w, pages}, nil
}

// Paths are the patterns under which the Handler is to be served.
func Paths() []string { return []string{"/oauth/", "GET /apps/{app}"} }

// Handler serves the pages.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+authorize, s.getAuthorize)
	mux.HandleFunc("POST "+authorize, s.postAuthorize)
	mux.HandleFunc("GET /apps/{app}", s.getApp)
	mux.HandleFunc("GET /oauth/assets/{file}", getAsset)
	return headers(http.NewCrossOriginProtection().Handler(mux))
}

// headers keeps the pages from being used against their reader. There is no
// form-action among them: browsers would hold it against the app's address.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

func getAsset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	for _, from := range []fs.FS{look.Files, files} {
		if body, err := fs.ReadFile(from, name); err == nil && !strings.HasSuffix(name, ".html") {
			http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(body))
			return
		}
	}
	http.NotFound(w, r)
}

// getApp begins an installation as Slack's own pages do, without the app.
func (s *Server) getApp(w http.ResponseWriter, r *http.Request) {
	app, ok := s.world.Apps.App(r.PathValue("app"))
	if !ok {
		s.refuse(w, http.StatusNotFound, errors.New("there is no such app"))
		return
	}
	http.Redirect(w, r, authorize+"?"+oauth.Direct(app).Encode(), http.StatusFound)
}

// A page is what the template shows.
type page struct {
	Query    template.URL // of the address, without who looks
	App      world.App
	Me       world.User
	Mine     world.Workspace
	Groups   []group // to choose who to be
	Places   []oauth.Place
	Place    string // the one that is chosen at first
	Required []string
	Optional []string
	Problem  string
}

// A group is the people of one workspace.
type group struct {
	world.Workspace
	People []face
}

// A face is a person, and the colour of their picture.
type face struct {
	world.User
	Tone int
}

func (s *Server) getAuthorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	request, err := oauth.Read(s.world, q)
	if err != nil {
		s.refuse(w, http.StatusBadRequest, err)
		return
	}
	me, ok := s.reader(r)
	q.Del("as")
	p := page{Query: template.URL(q.Encode()), App: request.App, Me: me}
	if !ok {
		p.Groups = s.groups(request.Team)
		s.show(w, http.StatusOK, "choose", p)
		return
	}
	p.Mine, _ = s.world.Workspace(me.Workspace)
	p.Places = oauth.Places(s.world, request.App, me)
	if len(p.Places) > 0 {
		p.Place = p.Places[0].ID
	}
	if slices.ContainsFunc(p.Places, func(at oauth.Place) bool { return at.ID == request.Team }) {
		p.Place = request.Team
	}
	for _, scope := range request.Scopes {
		if request.Optional(scope) {
			p.Optional = append(p.Optional, scope)
		} else {
			p.Required = append(p.Required, scope)
		}
	}
	s.show(w, http.StatusOK, "consent", p)
}

// reader is who looks: as the address has it, or else whoever looked at this
// Slack last in this browser.
func (s *Server) reader(r *http.Request) (world.User, bool) {
	as := r.FormValue("as")
	if as != "" {
		u, ok := s.world.User(as)
		return u, ok && !u.Bot && !u.Deleted
	}
	c, err := r.Cookie("person")
	if err != nil {
		return world.User{}, false
	}
	value, _ := url.QueryUnescape(c.Value)
	workspace, name, _ := strings.Cut(value, "/")
	for _, u := range s.world.People(workspace) {
		if u.Name == name {
			return u, true
		}
	}
	return world.User{}, false
}

// groups are all people who could install an app; those of the workspace that
// the app would like, if it would like one.
func (s *Server) groups(team string) []group {
	var out []group
	for _, ws := range s.world.Workspaces() {
		if team == "" || ws.ID == team {
			g := group{Workspace: ws}
			for i, u := range s.world.People(ws.ID) {
				g.People = append(g.People, face{u, i % look.Tones})
			}
			out = append(out, g)
		}
	}
	return out
}

func (s *Server) postAuthorize(w http.ResponseWriter, r *http.Request) {
	request, err := oauth.Read(s.world, r.URL.Query())
	if err != nil {
		s.refuse(w, http.StatusBadRequest, err)
		return
	}
	if r.FormValue("do") != "allow" {
		http.Redirect(w, r, request.Deny(), http.StatusFound)
		return
	}
	given := oauth.Consent{User: r.FormValue("as"), Place: r.FormValue("place")}
	for _, scope := range request.Scopes {
		if request.Optional(scope) && !slices.Contains(r.Form["scope"], scope) {
			given.Without = append(given.Without, scope)
		}
	}
	to, err := request.Allow(s.world, given)
	if errors.Is(err, entity.ErrUserRestricted) {
		err = errors.New("you are not allowed to install apps here")
	}
	if err != nil {
		s.refuse(w, http.StatusForbidden, err)
		return
	}
	http.Redirect(w, r, to, http.StatusFound)
}

func (s *Server) refuse(w http.ResponseWriter, status int, err error) {
	s.show(w, status, "refused", page{Problem: err.Error()})
}

func (s *Server) show(w http.ResponseWriter, status int, name string, p page) {
	var b bytes.Buffer
	if err := s.pages.ExecuteTemplate(&b, name, p); err != nil {
		http.Error(w, "Something went wrong.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	// A reader that went away needs no answer.
	_, _ = w.Write(b.Bytes())
}
