package firstrun

import (
	"context"

	"caseline/internal/app/doctor"
)

// tokens asks for what the app's pages show, and has Slack say at once whether
// it is right.
func (r *run) tokens(ctx context.Context) error {
	r.step("Tokens")
	if err := r.token(ctx, "slack.bot_token", "Bot User OAuth Token (xoxb-…)", r.botToken); err != nil {
		return err
	}
	if r.mode == "socket" {
		return r.token(ctx, "slack.app_token", "App-level token (xapp-…)", r.appToken)
	}
	cfg, err := r.config()
	if err != nil || cfg.Slack.UsesHTTP() {
		return err
	}
	for {
		secret, err := r.secret(ctx, "Signing Secret")
		if err != nil {
			return err
		}
		against, err := r.try("slack.signing_secrets", []string{secret})
		if err != nil {
			return err
		}
		if against == "" {
			r.say("%-8s The signing secret is kept. Whether it is the right one shows when Slack verifies the server's address.", doctor.OK)
			return nil
		}
		r.say("%s", against)
	}
}

// token asks for a token until good says that it will do, and whether to ask for
// another one.
func (r *run) token(ctx context.Context, path, question string, good func(context.Context, *doctor.Doctor) (done, another bool)) error {
	for ask := r.missing(path); ; {
		if ask {
			if err := r.notOverridden(path); err != nil {
				return err
			}
			token, err := r.secret(ctx, question)
			if err != nil {
				return err
			}
			against, err := r.try(path, token)
			if err != nil {
				return err
			}
			if against != "" {
				r.say("%s", against)
				continue
			}
		}
		d, err := r.doctor()
		if err != nil {
			return err
		}
		done, another := good(ctx, d)
		if done {
			return nil
		}
		if ask = another; ask {
			continue
		}
		again, err := r.again(ctx)
		if err != nil || !again {
			return err
		}
	}
}

// missing reports whether a token is not set.
func (r *run) missing(path string) bool {
	cfg, err := r.config()
	if err != nil {
		return true
	}
	if path == "slack.app_token" {
		return !cfg.Slack.AppToken.IsSet()
	}
	return !cfg.Slack.BotToken.IsSet()
}

// botToken has Slack look at the bot token and what it may do.
func (r *run) botToken(ctx context.Context, d *doctor.Doctor) (done, another bool) {
	if !d.Token(ctx) {
		return false, about(d, "token")
	}
	d.Scopes()
	d.Clock()
	return !doctor.Sick(d.Found()), false
}

// appToken has Slack look at the app-level token.
func (r *run) appToken(ctx context.Context, d *doctor.Doctor) (done, another bool) {
	if d.Socket(ctx) {
		return true, false
	}
	return false, about(d, "socket")
}

// about reports whether something is wrong with what a word stands for, rather
// than with the way to Slack.
func about(d *doctor.Doctor, word string) bool {
	for _, f := range d.Found() {
		if f.About == word && f.State == doctor.Wrong {
			return true
		}
	}
	return false
}
