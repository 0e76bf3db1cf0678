package firstrun

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/goccy/go-yaml"

	"caseline/internal/app"
	"caseline/internal/app/doctor"
	"caseline/internal/auth"
	"caseline/internal/desk"
	"caseline/internal/slack/ident"
	"caseline/internal/store/sqlstore"
)

// served asks whom to support and where, and makes both.
func (r *run) served(ctx context.Context) error {
	cfg, err := r.config()
	if err != nil {
		return err
	}
	if cfg.Account.ID == "" {
		r.step("Whom you support")
		if err := r.account(ctx); err != nil {
			return err
		}
	}
	if len(cfg.Channels) == 0 {
		r.step("Where they ask")
		r.say("Invite the app into the channel where people shall open cases: write /invite @ and its name there.")
		if err := r.channel(ctx); err != nil {
			return err
		}
	}
	if cfg, err = r.config(); err != nil {
		return err
	}
	if err := app.Plant(ctx, cfg, app.Options{Now: r.opt.Doctor.Now, Slack: r.opt.Doctor.Slack}); err != nil {
		r.say("%-8s The account could not be made yet (%v); the server makes it when it starts.", doctor.Warning, err)
		return nil
	}
	r.say("%-8s The account %s is there.", doctor.OK, cfg.Account.Name)
	return nil
}

func (r *run) account(ctx context.Context) error {
	n, err := rand.Int(rand.Reader, big.NewInt(900_000_000_000))
	if err != nil {
		return err
	}
	id := fmt.Sprint(n.Int64() + 100_000_000_000)
	for {
		name, err := r.ask(ctx, "The name of the organisation", "")
		if err != nil {
			return err
		}
		against, err := r.try("account", yaml.MapSlice{{Key: "id", Value: id}, {Key: "name", Value: name}}, "account")
		if err != nil || against == "" {
			return err
		}
		r.say("%s", against)
	}
}

// channel asks for a channel until the app can be used there, or whoever is asked
// leaves it for later.
func (r *run) channel(ctx context.Context) error {
	for {
		typed, err := r.ask(ctx, "The channel's id, such as C0123456789, or its link; s to leave it for later", "")
		if err != nil || strings.EqualFold(typed, "s") {
			return err
		}
		c, ok := ident.ReadChannel(typed)
		if !ok {
			r.say("This is no channel's id and no link to one. Slack shows both at the end of the channel's details.")
			continue
		}
		for again := true; again; {
			d, err := r.quietly()
			if err != nil {
				return err
			}
			d.Token(ctx)
			name, good := d.Channel(ctx, string(c.Channel), "")
			r.say("%s", d.Found()[len(d.Found())-1].Line())
			if good {
				_, err := r.try("channels", []yaml.MapSlice{{{Key: "id", Value: string(c.Channel)}, {Key: "name", Value: name}}}, "channels")
				return err
			}
			answer, err := r.ask(ctx, "Press Enter to look again, or type n for another channel", "")
			if err != nil {
				return err
			}
			again = answer == ""
		}
	}
}

// operator makes the first operator, unless there is one.
func (r *run) operator(ctx context.Context) error {
	cfg, err := r.config()
	if err != nil {
		return err
	}
	found, err := sqlstore.Inspect(ctx, cfg.StoreURL())
	if err != nil {
		return fmt.Errorf("look for an operator: %w", err)
	}
	if found.Operators > 0 {
		r.say("%-8s There is an operator already.", doctor.OK)
		return nil
	}
	r.step("The first operator")
	r.say("Operators answer cases and set up the rest, in the console.")
	for {
		email, err := r.ask(ctx, "E-mail address to sign in with", "")
		if err != nil {
			return err
		}
		name, err := r.ask(ctx, "Name that customers see", "")
		if err != nil {
			return err
		}
		password, err := r.secret(ctx, fmt.Sprintf("Password, %d characters or more", auth.MinPassword))
		if err != nil {
			return err
		}
		err = app.WithAgents(ctx, cfg, func(_ *sqlstore.Store, a *auth.Service) error {
			_, err := a.AddAgent(ctx, desk.By{Actor: desk.BySystem(), Via: desk.ViaCommand}, email, name, password, desk.RoleOperator)
			return err
		})
		if err == nil {
			r.say("%-8s %s may sign in as operator.", doctor.OK, email)
			return nil
		}
		refused, ok := errors.AsType[*desk.Refusal](err)
		if !ok {
			return err
		}
		r.say("%s", refused.Message)
	}
}

// quietly is a doctor who tells nothing by themself.
func (r *run) quietly() (*doctor.Doctor, error) {
	cfg, err := r.config()
	if err != nil {
		return nil, err
	}
	return doctor.New(cfg, r.opt.Doctor, nil), nil
}
