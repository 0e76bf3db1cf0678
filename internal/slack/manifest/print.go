package manifest

import (
	"bytes"
	"encoding/json"

	"github.com/goccy/go-yaml"
)

// YAML is the manifest as Slack's page takes it, with two spaces a step.
func (m Manifest) YAML() ([]byte, error) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b, yaml.Indent(2), yaml.IndentSequence(true))
	if err := e.Encode(m); err != nil {
		return nil, err
	}
	return b.Bytes(), e.Close()
}

// JSON is the manifest for the page's other tab, and for Slack's own tools.
func (m Manifest) JSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(m)
	return b.Bytes(), err
}
