package main

import (
	"context"
	"errors"
	"flag"
	"os"

	"caseline/internal/config"
	"caseline/internal/desk"
	"caseline/internal/slack/manifest"
)

// manifestCommand prints the app's manifest. The configuration need not be
// complete: the tokens in it come from the app that the manifest makes.
func manifestCommand(_ context.Context, args []string, std stdio) error {
	fs := flag.NewFlagSet("manifest", flag.ContinueOnError)
	path := fs.String("config", "caseline.yaml", "the configuration `file`; without it there are the defaults and the environment")
	mode := fs.String("mode", "", "how Slack reaches the server: `socket`, through connections that the server opens, or http, at public_url; default: as configured, or socket")
	format := fs.String("format", "yaml", "`yaml` or json")
	name := fs.String("name", "", "what the app is called in Slack; default: Support")
	optional := fs.Bool("optional", true, "mark the scopes that may be declined; false asks for all alike, should Slack refuse the manifest for that")
	oauth := fs.Bool("oauth", false, "people install the app in several workspaces, at public_url; default: as configured, by slack.client_id")
	org := fs.Bool("org", false, "a whole organisation can install it; needs --oauth")
	rotation := fs.Bool("rotation", false, "tokens live half a day and are renewed; needs --oauth; Slack lets nobody switch that off again")
	if err := parse(fs, args, std); err != nil {
		return err
	}
	given := false
	fs.Visit(func(f *flag.Flag) { given = given || f.Name == "config" })
	if _, err := os.Stat(*path); given && errors.Is(err, os.ErrNotExist) {
		return err
	}
	cfg, err := config.LoadPart(*path, os.Environ(), "public_url", "slack.command")
	if err != nil {
		return err
	}
	o := manifest.Options{Name: *name, Command: cfg.Slack.Command, PublicURL: cfg.PublicURL, NoOptional: !*optional}
	o.OAuth, o.Org, o.Rotation = *oauth || cfg.Slack.UsesOAuth(), *org, *rotation
	switch *mode {
	case "":
		o.Socket = cfg.Slack.UsesSockets() || len(cfg.Slack.SigningSecrets) == 0
	case "socket", "http":
		o.Socket = *mode == "socket"
	default:
		return refuse(desk.ErrInvalid, "The mode is either socket or http, not “%s”.", *mode)
	}
	m, err := manifest.New(o)
	if err != nil {
		return err
	}
	text, err := printed(m, *format)
	if err != nil {
		return err
	}
	_, err = std.out.Write(text)
	return err
}

func printed(m manifest.Manifest, format string) ([]byte, error) {
	switch format {
	case "yaml":
		return m.YAML()
	case "json":
		return m.JSON()
	}
	return nil, refuse(desk.ErrInvalid, "The format is either yaml or json, not “%s”.", format)
}
