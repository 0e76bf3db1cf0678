package setup

import (
	"context"

	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/store/sqlstore/commit"
)

const (
	savePortrait = `INSERT INTO portraits (agent, token, png) VALUES ($1, $2, $3)
	ON CONFLICT (agent) DO UPDATE SET token = excluded.token, png = excluded.png`

	dropPortrait = `DELETE FROM portraits WHERE agent = $1`

	selectPortrait = `SELECT agent, token, png FROM portraits`
	selectToken    = `SELECT token FROM portraits WHERE agent = $1`
)

// SavePortrait adds or replaces an agent's picture.
func (t Tx) SavePortrait(ctx context.Context, p *personal.Portrait) error {
	return t.To.Write(ctx, commit.Op{Doing: "save portrait", ID: string(p.Agent)}, savePortrait, string(p.Agent), p.Token, p.PNG)
}

// DropPortrait forgets an agent's picture, if there is one.
func (t Tx) DropPortrait(ctx context.Context, a desk.AgentID) error {
	return t.To.Write(ctx, commit.Op{Doing: "drop portrait", ID: string(a)}, dropPortrait, string(a))
}

// Portrait returns an agent's picture.
func (r Reads) Portrait(ctx context.Context, a desk.AgentID) (personal.Portrait, error) {
	return r.portrait(ctx, commit.Op{Doing: "portrait", ID: string(a)}, selectPortrait+" WHERE agent = $1", string(a))
}

// PortraitAt returns the picture whose token it is. No error tells the token.
func (r Reads) PortraitAt(ctx context.Context, token string) (personal.Portrait, error) {
	return r.portrait(ctx, commit.Op{Doing: "portrait", ID: "by token"}, selectPortrait+" WHERE token = $1", token)
}

func (r Reads) portrait(ctx context.Context, what commit.Op, text, key string) (p personal.Portrait, err error) {
	err = r.one(ctx, what, text, []any{key}, func(from commit.Row) error {
		return from.Scan((*string)(&p.Agent), &p.Token, &p.PNG)
	})
	return p, err
}

// PortraitToken returns the token of an agent's picture.
func (r Reads) PortraitToken(ctx context.Context, a desk.AgentID) (token string, err error) {
	err = r.one(ctx, commit.Op{Doing: "portrait", ID: string(a)}, selectToken, []any{string(a)}, func(from commit.Row) error {
		return from.Scan(&token)
	})
	return token, err
}
