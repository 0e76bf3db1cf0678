package main

import (
	"context"
	"fmt"

	"caseline/internal/catalogue"
)

// catalogueCommand checks a catalogue, or prints the one that there is without
// a file.
func catalogueCommand(_ context.Context, args []string, std stdio) error {
	switch {
	case len(args) == 2 && args[0] == "check":
		c, err := catalogue.Load(args[1])
		if err != nil {
			return err
		}
		services := 0
		for _, t := range c.IssueTypes {
			services += len(t.Services)
		}
		fmt.Fprintf(std.out, "%s is right: %d issue types, %d services, %d languages.\n", args[1], len(c.IssueTypes), services, len(c.Languages))
		return nil
	case len(args) == 1 && args[0] == "default":
		fmt.Fprint(std.out, catalogue.Default())
		return nil
	}
	fmt.Fprint(std.err, "Usage: caseline catalogue check FILE | default\n\nSays what is wrong with a catalogue, or prints the default one, to be copied and changed.\n")
	return errUsage
}
