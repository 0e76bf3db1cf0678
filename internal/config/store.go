package config

import "path/filepath"

// StoreURL names the database, as the store takes it.
func (c *Config) StoreURL() string {
	if url := c.Database.URL.Reveal(); url != "" {
		return url
	}
	return "sqlite:" + filepath.Join(c.DataDir, "caseline.db")
}
