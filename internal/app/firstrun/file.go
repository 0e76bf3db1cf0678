package firstrun

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"caseline/internal/config"
)

// mark is the first line of a file that we wrote, without how Slack reaches the
// server.
const mark = "# Written by caseline setup. What comes from Slack comes by: "

// A settings is the configuration file while it is being made.
type settings struct {
	path    string
	environ []string
	tree    yaml.MapSlice
	mode    string // socket or http; empty while it is not chosen
	ours    bool   // we wrote it, or it is not there yet
	copied  string // where the file is kept that somebody else wrote
}

// read takes in the file at path, which need not be there.
func read(path string, environ []string) (*settings, error) {
	s := &settings{path: path, environ: environ, ours: true}
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	s.mode, s.ours = strings.CutPrefix(first, mark)
	if !s.ours {
		s.mode = ""
	}
	if err := yaml.UnmarshalWithOptions(text, &s.tree, yaml.UseOrderedMap()); err != nil {
		return nil, fmt.Errorf("%s is not YAML: %s", path, yaml.FormatError(err, false, false)) // without its lines, which may hold secrets
	}
	return s, nil
}

// set gives the setting at a path, such as slack.bot_token, a value.
func (s *settings) set(path string, value any) {
	s.tree = with(s.tree, strings.Split(path, "."), value)
}

func with(m yaml.MapSlice, path []string, value any) yaml.MapSlice {
	i := 0
	for i < len(m) && m[i].Key != path[0] {
		i++
	}
	if i == len(m) {
		m = append(m, yaml.MapItem{Key: path[0]})
	}
	if len(path) == 1 {
		m[i].Value = value
	} else {
		below, _ := m[i].Value.(yaml.MapSlice)
		m[i].Value = with(below, path[1:], value)
	}
	return m
}

// has reports whether the setting at a path is given, in the file or by the
// environment.
func (s *settings) has(path string) bool {
	if _, is := s.overridden(path); is {
		return true
	}
	at := s.tree
	for name := range strings.SplitSeq(path, ".") {
		i := slices.IndexFunc(at, func(item yaml.MapItem) bool { return item.Key == name })
		if i < 0 || at[i].Value == nil {
			return false
		}
		at, _ = at[i].Value.(yaml.MapSlice)
	}
	return true
}

// keep writes the file, readable by us alone. What somebody else wrote is kept
// beside it.
func (s *settings) keep() error {
	if !s.ours && s.copied == "" {
		if err := s.copy(); err != nil {
			return err
		}
	}
	body, err := yaml.Marshal(s.tree)
	if err != nil {
		return err
	}
	text := mark + s.mode + "\n# All settings are in caseline.example.yaml, with their defaults.\n" + string(body)
	f, err := os.CreateTemp(filepath.Dir(s.path), ".caseline-*.yaml") // 0600
	if err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), s.path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write the configuration: %w", err), os.Remove(f.Name()))
	}
	return nil
}

// copy keeps the file as it was under a name that is free.
func (s *settings) copy() error {
	text, err := os.ReadFile(s.path)
	if err != nil {
		return fmt.Errorf("copy the configuration: %w", err)
	}
	for n := 1; ; n++ {
		name := fmt.Sprintf("%s.before-setup-%d", s.path, n)
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err == nil {
			_, err = f.Write(text)
			err = errors.Join(err, f.Close())
		}
		if err != nil {
			return fmt.Errorf("copy the configuration: %w", err)
		}
		s.copied = name
		return nil
	}
}

// try sets and keeps a value, and returns a sentence of what the configuration says
// against it, or "". By that it is undone.
func (s *settings) try(path string, value any, paths ...string) (against string, err error) {
	before := clone(s.tree)
	s.set(path, value)
	if err := s.keep(); err != nil {
		return "", err
	}
	_, err = config.LoadPart(s.path, s.environ, append(paths, path)...)
	problems, ok := errors.AsType[config.Problems](err)
	if !ok {
		return "", err
	}
	s.tree = before
	return problems[0].Path + " " + problems[0].Message + ".", s.keep()
}

func clone(m yaml.MapSlice) yaml.MapSlice {
	var all yaml.MapSlice
	for _, item := range m {
		if below, ok := item.Value.(yaml.MapSlice); ok {
			item.Value = clone(below)
		}
		all = append(all, item)
	}
	return all
}

// config is the configuration as far as it goes.
func (s *settings) config() (config.Config, error) {
	c, err := config.LoadPart(s.path, s.environ)
	if err != nil {
		return config.Config{}, err
	}
	return *c, nil
}

// overridden reports by which variable of the environment a setting is given.
func (s *settings) overridden(path string) (variable string, is bool) {
	variable = config.EnvName(path)
	for _, entry := range s.environ {
		if value, ok := strings.CutPrefix(entry, variable+"="); ok && value != "" {
			return variable, true
		}
	}
	return variable, false
}
