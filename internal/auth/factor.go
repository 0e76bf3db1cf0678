package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"caseline/internal/auth/totp"
	"caseline/internal/desk"
	"caseline/internal/desk/signin"
	"caseline/internal/store"
)

// A Sealer seals secrets about something, and opens them.
type Sealer interface {
	Seal(secret []byte, about string) string
	Open(sealed, about string) ([]byte, error)
}

// A Policy says who must have a second factor beside a password.
type Policy string

// The policies.
const (
	Optional  Policy = "optional"
	Operators Policy = "operators"
	Everybody Policy = "all"
)

// spareCodes is how many recovery codes there are at first.
const spareCodes = 10

// keyFactor is the session's field for a secret that is not confirmed yet; it is
// sealed.
const keyFactor = "factor"

// issuer is what programs call us.
const issuer = "Caseline"

func about(a desk.AgentID) string { return "second factor of " + string(a) }

// mustHaveFactor reports whether an agent may not come in by a password alone.
func (s *Service) mustHaveFactor(a desk.Agent) bool {
	switch s.opt.Policy {
	case Everybody:
		return true
	case Operators:
		return a.Role == desk.RoleOperator
	case Optional:
	}
	return false
}

// MustHaveFactor reports whether an agent may not do without a second factor.
func (s *Service) MustHaveFactor(a desk.Agent) bool { return s.mustHaveFactor(a) }

// MayHaveFactors reports whether second factors can be set up: their secrets are
// sealed, which takes a key.
func (s *Service) MayHaveFactors() bool { return s.opt.Keys != nil }

// who is the agent who is signed in, or half so, and has no second factor yet.
func (s *Service) who(ctx context.Context) (a desk.Agent, half bool, err error) {
	if a, err = s.Agent(ctx); err == nil {
		if has, _, err := s.HasFactor(ctx, a.ID); has || err != nil {
			return a, false, errors.Join(err, refuse(desk.ErrConflict, "code", "You have a second factor already. Remove it first."))
		}
		return a, false, nil
	}
	if !errors.Is(err, ErrSignedOut) {
		return a, false, err
	}
	a, next, err := s.Half(ctx)
	if err == nil && next != SetUp {
		err = ErrNoHalf // they have one, and are to show a code of it
	}
	return a, true, err
}

// A NewFactor is a secret to be put into a program.
type NewFactor struct {
	Text    string // to be typed
	Address string // to be read from a picture
}

// NewFactor returns the secret that the reader is to put into their program: the
// same until it is confirmed.
func (s *Service) NewFactor(w http.ResponseWriter, r *http.Request) (NewFactor, error) {
	ctx := r.Context()
	a, _, err := s.who(ctx)
	if err != nil {
		return NewFactor{}, err
	}
	if s.opt.Keys == nil {
		return NewFactor{}, refuse(desk.ErrConflict, "", "This server cannot keep the secret of a second factor, because it has no key. Ask the person who runs it to set CASELINE_KEY_FILE.")
	}
	if sealed := s.sessions.GetString(ctx, keyFactor); sealed != "" {
		if secret, err := s.opt.Keys.Open(sealed, about(a.ID)); err == nil {
			return NewFactor{totp.Text(secret), totp.Address(secret, a.Email, issuer)}, nil
		}
	}
	secret := totp.NewSecret()
	s.sessions.Put(ctx, keyFactor, s.opt.Keys.Seal(secret, about(a.ID)))
	return NewFactor{totp.Text(secret), totp.Address(secret, a.Email, issuer)}, s.keep(w, r)
}

// Confirm takes a code of the reader's new program. They then have that second
// factor, other sign-ins of theirs end, and who was half signed in is signed in.
// It returns recovery codes, which nobody sees again.
func (s *Service) Confirm(w http.ResponseWriter, r *http.Request, typed string) (spare []string, err error) {
	ctx := r.Context()
	a, half, err := s.who(ctx)
	if err != nil {
		return nil, err
	}
	sealed := s.sessions.GetString(ctx, keyFactor)
	if sealed == "" || s.opt.Keys == nil {
		return nil, refuse(desk.ErrConflict, "code", "Begin again: there is no new second factor to confirm.")
	}
	secret, err := s.opt.Keys.Open(sealed, about(a.ID))
	if err != nil {
		return nil, refuse(desk.ErrConflict, "code", "Begin again: the secret cannot be read any more.")
	}
	if err := s.slow(a); err != nil {
		return nil, err
	}
	digits, _ := totp.Typed(typed)
	step, ok := totp.Check(secret, digits, s.now(), 0)
	if !ok {
		return nil, wrongCode()
	}
	spare, hashes := newSpare()
	in, way := s.Current(ctx), signin.Factor2
	f := signin.Factor{Agent: a.ID, Secret: sealed, Since: s.now(), Step: step, Spare: hashes}
	if err := s.setFactor(ctx, a, f, in); err != nil {
		return nil, err
	}
	s.calm(a)
	s.sessions.Remove(ctx, keyFactor)
	if half {
		return spare, s.begin(w, r, a, way)
	}
	return spare, s.keep(w, r)
}

// setFactor gives an agent a second factor: of their sign-ins the one in which
// they did so goes on, as one of both factors.
func (s *Service) setFactor(ctx context.Context, a desk.Agent, f signin.Factor, in string) error {
	err := s.store.Update(ctx, func(tx store.Tx) error {
		if _, err := tx.LockAgent(ctx, a.ID); err != nil {
			return err
		}
		if err := errors.Join(tx.SaveFactor(ctx, &f), tx.EndSignIns(ctx, a.ID, in)); err != nil {
			return err
		}
		now, err := tx.SignIn(ctx, in, s.now())
		if err == nil && now.Way == signin.Password {
			now.Way = signin.Factor2
			err = tx.SaveSignIn(ctx, &now)
		}
		if err != nil && !errors.Is(err, desk.ErrNotFound) {
			return err
		}
		return s.audit(ctx, tx, themselves(a), DidSetFactor, a, nil)
	})
	if err != nil {
		return fmt.Errorf("set second factor of agent %s: %w", a.ID, err)
	}
	return nil
}

func themselves(a desk.Agent) desk.By { return desk.By{Actor: desk.ByAgent(a), Via: desk.ViaConsole} }

func wrongCode() error {
	return refuse(desk.ErrForbidden, "code", "That code is not right, or was used already. Wait for the next one in your app, then type it.")
}

// slow counts a try of a code.
func (s *Service) slow(a desk.Agent) error {
	if wait := s.throttle.try(s.now(), map[string]limit{"code:" + string(a.ID): pairLimit()}); wait > 0 {
		return &Throttled{Wait: wait}
	}
	return nil
}

func (s *Service) calm(a desk.Agent) { s.throttle.forget("code:" + string(a.ID)) }

// useCode takes a code of an agent, once. left is how many recovery codes there
// are still, or -1 when it was none.
func (s *Service) useCode(r *http.Request, a desk.Agent, typed string) (left int, err error) {
	if err := s.slow(a); err != nil {
		return -1, err
	}
	ctx, keys := r.Context(), codeKeys(a.ID)
	known, err := s.slowed(ctx, keys)
	if err != nil {
		return -1, err
	}
	wrong := false
	err = s.store.Update(ctx, func(tx store.Tx) error {
		left, wrong = -1, false
		if _, err := tx.LockAgent(ctx, a.ID); err != nil {
			return err
		}
		f, err := tx.Factor(ctx, a.ID)
		if err != nil {
			return err
		}
		spare, ok, err := s.spend(&f, typed)
		if err != nil {
			return err
		}
		if wrong = !ok; wrong {
			return wrongCode()
		}
		if err := tx.SaveFactor(ctx, &f); err != nil || !spare {
			return err
		}
		left = len(f.Spare)
		return s.audit(ctx, tx, themselves(a), DidUseSpare, a, map[string]string{"left": fmt.Sprint(left), "from": s.address(r)})
	})
	if err == nil {
		s.calm(a)
		return left, s.forgive(ctx, known, "code:"+string(a.ID))
	}
	if wrong {
		if failed := s.miss(ctx, keys); failed != nil {
			return -1, failed
		}
	}
	if _, ok := errors.AsType[*desk.Refusal](err); ok {
		return -1, err
	}
	return -1, fmt.Errorf("take a code of agent %s: %w", a.ID, err)
}

// spend takes a code out of what a second factor has left.
func (s *Service) spend(f *signin.Factor, typed string) (spare, ok bool, err error) {
	digits, is := totp.Typed(typed)
	if !is {
		at := slices.Index(f.Spare, hashOf(flatSpare(typed)))
		if at >= 0 {
			f.Spare = slices.Delete(f.Spare, at, at+1)
		}
		return true, at >= 0, nil
	}
	if s.opt.Keys == nil {
		return false, false, refuse(desk.ErrConflict, "code", "This server has lost the key of your second factor. Use a recovery code.")
	}
	secret, err := s.opt.Keys.Open(f.Secret, about(f.Agent))
	if err != nil {
		return false, false, refuse(desk.ErrConflict, "code", "This server has lost the key of your second factor. Use a recovery code.")
	}
	step, ok := totp.Check(secret, digits, s.now(), f.Step)
	if ok {
		f.Step = step
	}
	return false, ok, nil
}

// newSpare returns recovery codes and their hashes.
func newSpare() (codes, hashes []string) {
	for range spareCodes {
		text := strings.ToLower(rand.Text()[:16]) // 80 random bits
		codes = append(codes, text[:4]+"-"+text[4:8]+"-"+text[8:12]+"-"+text[12:])
		hashes = append(hashes, hashOf(text))
	}
	return codes, hashes
}

// flatSpare is a recovery code as it is hashed, however it was typed.
func flatSpare(typed string) string {
	return strings.ToLower(strings.Join(strings.FieldsFunc(typed, func(r rune) bool { return r == '-' || r == ' ' || r == '\t' }), ""))
}

// hashOf is a random secret as it is kept. It needs no salt, nor to be slow:
// nobody can try all of them.
func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
