package install

import (
	"context"
	"fmt"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
)

// listEvery is how often organisations are asked into which of their workspaces
// we are let, besides when an event tells.
const listEvery = 10 * time.Minute

// mostPages bounds the reading of one list.
const mostPages = 100

func (k *Keeper) listDue(i served.Installation, now bool) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return now || k.opt.Now().Sub(k.listed[i.ID]) >= listEvery
}

// unlisted has an organisation asked again that did not say.
func (k *Keeper) unlisted(id served.InstallationID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.listed, id)
}

// list asks an organisation where we are let in. After an organisation has
// installed us that is nowhere, until somebody there lets us in.
func (k *Keeper) list(ctx context.Context, i served.Installation) error {
	p, err := k.safe.open(i)
	if err != nil {
		return err
	}
	client, err := k.oauth.Client(p.token, "")
	if err != nil {
		return err
	}
	var into []served.Workspace
	cursor := ""
	for range mostPages {
		teams, next, err := client.Teams(ctx, cursor)
		if err != nil {
			return fmt.Errorf("where organisation %s (%s) lets us in is not known: %w", i.ID, i.Name, err)
		}
		for _, t := range teams {
			into = append(into, served.Workspace{ID: desk.WorkspaceID(t.ID), Name: t.Name})
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	if err := k.reach(ctx, i, into); err != nil {
		return err
	}
	k.mu.Lock()
	k.listed[i.ID] = k.opt.Now()
	k.mu.Unlock()
	return nil
}

// reach keeps where we are let in.
func (k *Keeper) reach(ctx context.Context, i served.Installation, into []served.Workspace) error {
	err := k.cases.Reach(ctx, i.ID, into)
	k.look()
	return err
}

// known are the workspaces that an installation is let into as far as is known.
func known(i served.Installation) []served.Workspace {
	var all []served.Workspace
	for _, w := range i.Reaches {
		all = append(all, served.Workspace{ID: w})
	}
	return all
}
