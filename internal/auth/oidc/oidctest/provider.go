package oidctest

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// What the provider knows us by.
const (
	ClientID     = "caseline"
	ClientSecret = "a secret of two"
)

// A Person has an account with the provider.
type Person struct {
	Subject, Email, Name string
	Verified             bool
}

// A Forgery changes a token on its way to us. Without a Key it is signed by the
// provider's own.
type Forgery struct {
	Claims func(map[string]any)
	Key    *rsa.PrivateKey
	Alg    string // what it says it is signed by; empty for RS256
}

// A Provider is one that runs.
type Provider struct {
	Issuer string

	storage *storage.Storage

	mu      sync.Mutex // guards what follows
	people  map[string]Person
	who     string // signs in without being asked; empty: a page asks
	forgery *Forgery
	down    bool
	asked   []string // paths
}

// Start starts a provider that sends people back to an address, until the test
// ends.
func Start(t testing.TB, back string, people ...Person) *Provider {
	t.Helper()
	p := of(people)
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	handler, err := p.at(ln, back)
	if err != nil {
		t.Fatal(err)
	}
	server := serve(ln, handler)
	t.Cleanup(server.Close)
	return p
}

// Main is a process that is a provider: it writes its issuer on a line, and ends when
// there is nothing more to read.
func Main(in io.Reader, out io.Writer, back string, people ...Person) error {
	p := of(people)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	handler, err := p.at(ln, back)
	if err != nil {
		return err
	}
	server := serve(ln, handler)
	defer server.Close()
	if _, err := fmt.Fprintln(out, p.Issuer); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, in)
	return err
}

func serve(ln net.Listener, handler http.Handler) *httptest.Server {
	server := httptest.NewUnstartedServer(handler)
	server.Listener.Close()
	server.Listener = ln
	server.Start()
	return server
}

func of(people []Person) *Provider {
	p := &Provider{people: map[string]Person{}}
	for _, one := range people {
		p.people[one.Subject] = one
	}
	return p
}

// at is the provider as it answers where somebody listens.
func (p *Provider) at(ln net.Listener, back string) (http.Handler, error) {
	p.Issuer = "http://" + ln.Addr().String()
	p.storage = storage.NewStorageWithClients(users{p}, map[string]*storage.Client{ClientID: storage.WebClient(ClientID, ClientSecret, back)})
	provider, err := op.NewProvider(&op.Config{CryptoKey: sha256.Sum256([]byte("test")), CryptoKeyId: "1", CodeMethodS256: true, AuthMethodPost: true},
		p.storage, op.StaticIssuer(p.Issuer), op.WithAllowInsecure())
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", provider)
	mux.Handle("/login/username", op.NewIssuerInterceptor(provider.IssuerFromRequest).HandlerFunc(p.login(op.AuthCallbackURL(provider))))
	return p.watch(mux), nil
}

// SignsIn has a person sign in without being asked; an empty subject has a page
// ask.
func (p *Provider) SignsIn(subject string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.who = subject
}

// Forge changes tokens from now on; nil leaves them as they are.
func (p *Provider) Forge(f *Forgery) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forgery = f
}

// Down has the provider answer nobody, or again.
func (p *Provider) Down(down bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = down
}

// Asked returns how often a path was asked for.
func (p *Provider) Asked(path string) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, asked := range p.asked {
		if asked == path {
			n++
		}
	}
	return n
}

// login is the page on which people sign in, or which does it for them.
func (p *Provider) login(onward func(context.Context, string) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := r.FormValue("authRequestID")
		p.mu.Lock()
		who := p.who
		p.mu.Unlock()
		if r.Method == http.MethodPost {
			who = r.FormValue("who")
		}
		if who == "" {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, `<!doctype html><title>Identity provider</title><form method="post"><input type="hidden" name="authRequestID" value="%s"><input name="who"><button>Sign in</button></form>`, html.EscapeString(id))
			return
		}
		if err := p.storage.CheckUsernamePassword(who, "right", id); err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		http.Redirect(w, r, onward(r.Context(), id), http.StatusFound)
	}
}

// watch stands before the provider: it is down, or forges tokens.
func (p *Provider) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		down, forgery := p.down, p.forgery
		p.asked = append(p.asked, r.URL.Path)
		p.mu.Unlock()
		switch {
		case down:
			http.Error(w, "down for repairs", http.StatusServiceUnavailable)
		case forgery != nil && r.URL.Path == "/oauth/token":
			rec := httptest.NewRecorder()
			next.ServeHTTP(rec, r)
			body := rec.Body.Bytes()
			if rec.Code == http.StatusOK {
				body = p.forged(body, *forgery)
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(rec.Code)
			_, _ = w.Write(body) // the reader may have left
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// forged is an answer with another ID token in it.
func (p *Provider) forged(body []byte, f Forgery) []byte {
	answer := map[string]any{}
	claims := map[string]any{}
	must(json.Unmarshal(body, &answer))
	parts := strings.Split(answer["id_token"].(string), ".")
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	must(err)
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	must(dec.Decode(&claims))
	if f.Claims != nil {
		f.Claims(claims)
	}
	own, err := p.storage.SigningKey(context.Background())
	must(err)
	key := f.Key
	if key == nil {
		key = own.Key().(*rsa.PrivateKey)
	}
	alg := f.Alg
	if alg == "" {
		alg = "RS256"
	}
	answer["id_token"] = sign(map[string]any{"alg": alg, "kid": own.ID(), "typ": "JWT"}, claims, key)
	out, err := json.Marshal(answer)
	must(err)
	return out
}

// sign makes a token, which is not signed at all when its header says so.
func sign(header, claims map[string]any, key *rsa.PrivateKey) string {
	part := func(v any) string {
		text, err := json.Marshal(v)
		must(err)
		return base64.RawURLEncoding.EncodeToString(text)
	}
	signed := part(header) + "." + part(claims)
	if header["alg"] == "none" {
		return signed + "."
	}
	sum := sha256.Sum256([]byte(signed))
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	must(err)
	return signed + "." + base64.RawURLEncoding.EncodeToString(sig)
}

// must stops a test whose provider is not what it should be; net/http shows it.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// users are the provider's people as its storage asks for them.
type users struct{ p *Provider }

func (u users) GetUserByID(id string) *storage.User {
	u.p.mu.Lock()
	defer u.p.mu.Unlock()
	who, ok := u.p.people[id]
	if !ok {
		return nil
	}
	first, last, _ := strings.Cut(who.Name, " ")
	return &storage.User{ID: id, Username: id, Password: "right", FirstName: first, LastName: last, Email: who.Email, EmailVerified: who.Verified}
}

func (u users) GetUserByUsername(name string) *storage.User { return u.GetUserByID(name) }

func (users) ExampleClientID() string { return storage.ServiceUserID }
