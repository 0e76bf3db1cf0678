package install

import (
	"context"
	"errors"
	"fmt"
	"time"

	"caseline/internal/casework/installing"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/api"
)

// listEvery is how often organisations are asked into which of their workspaces
// we are let, besides when an event tells.
const listEvery = 10 * time.Minute

// mostPages bounds the reading of one list.
const mostPages = 100

func (k *Keeper) listDue(id served.InstallationID) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.opt.Now().Sub(k.listed[id]) >= listEvery
}

// askAgain returns an installation after its organisation was asked where it lets
// us in: of many who want to know at the same time one asks for all.
func (k *Keeper) askAgain(ctx context.Context, id served.InstallationID) (served.Installation, error) {
	k.mu.Lock()
	before := k.asked
	k.mu.Unlock()
	done, err := k.turnToList(ctx)
	if err != nil {
		return served.Installation{}, err
	}
	defer done()
	k.mu.Lock()
	since := k.answered[id] > before
	k.mu.Unlock()
	i, err := k.store.Installation(ctx, id)
	if err != nil || since {
		return i, err
	}
	if err := k.list(ctx, i); err != nil {
		return i, err
	}
	return k.store.Installation(ctx, id)
}

// listAlone asks an organisation while nobody else here does.
func (k *Keeper) listAlone(ctx context.Context, id served.InstallationID) error {
	done, err := k.turnToList(ctx)
	if err != nil {
		return err
	}
	defer done()
	i, err := k.store.Installation(ctx, id)
	if err != nil || i.Gone != "" {
		return err
	}
	if err := k.list(ctx, i); !errors.Is(err, installing.ErrMoved) {
		return err
	}
	return nil // another node asked at the same time; so do we again
}

// turnToList waits until nobody else asks an organisation: what it said first
// must not be written last.
func (k *Keeper) turnToList(ctx context.Context) (done func(), err error) {
	select {
	case k.lists <- struct{}{}:
		return func() { <-k.lists }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// list asks an organisation where we are let in, and keeps that. After an
// organisation has installed us that is nowhere, until somebody there lets us in.
func (k *Keeper) list(ctx context.Context, i served.Installation) error {
	k.mu.Lock()
	k.asked++
	question := k.asked
	k.listed[i.ID] = k.opt.Now() // what is heard while it answers has it asked again
	k.mu.Unlock()
	into, err := k.reaches(ctx, i)
	if err == nil {
		err = k.cases.Reach(ctx, i, into)
		k.look()
	}
	k.mu.Lock()
	if err == nil {
		k.answered[i.ID] = question
	} else {
		delete(k.listed, i.ID)
	}
	k.mu.Unlock()
	if api.ShutOut(err) {
		return errors.Join(err, k.Gone(ctx, "", string(i.ID), api.Code(err)))
	}
	return err
}

// reaches is where an organisation says that it lets us in.
func (k *Keeper) reaches(ctx context.Context, i served.Installation) (into []served.Workspace, err error) {
	p, err := k.safe.open(i)
	if err != nil {
		return nil, err
	}
	client, err := k.oauth.Client(p.token, "")
	if err != nil {
		return nil, err
	}
	cursor := ""
	for range mostPages {
		teams, next, err := client.Teams(ctx, cursor)
		if err != nil {
			return nil, fmt.Errorf("where organisation %s (%s) lets us in is not known: %w", i.ID, i.Name, err)
		}
		for _, t := range teams {
			into = append(into, served.Workspace{ID: desk.WorkspaceID(t.ID), Name: t.Name})
		}
		if cursor = next; cursor == "" {
			return into, nil
		}
	}
	return nil, fmt.Errorf("organisation %s (%s) lets us into more workspaces than we can list: its list has no end after %d pages", i.ID, i.Name, mostPages)
}
