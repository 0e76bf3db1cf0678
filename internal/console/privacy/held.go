package privacy

import (
	"context"

	"caseline/internal/console/work"
	"caseline/internal/desk"
)

// heldNamed is of how many held cases a page warns.
const heldNamed = 20

// held are warnings that cases of somebody are held, which their erasure does not
// heed.
func (p *pages) held(ctx context.Context, f work.Frame, who desk.PersonID) (lines []string, err error) {
	holds, policies, err := p.Read.HeldOf(ctx, who, heldNamed)
	if err != nil {
		return nil, err
	}
	titles, err := p.titles(ctx)
	if err != nil {
		return nil, err
	}
	for _, policy := range policies {
		lines = append(lines, f.Say("All cases of %s are held: %s", titles[policy.Account], policy.Hold))
	}
	ids := make([]desk.CaseID, len(holds))
	for i, h := range holds {
		ids[i] = h.Case
	}
	cases, err := p.Read.Cases(ctx, ids)
	for _, h := range holds {
		for _, c := range cases {
			if c.ID == h.Case {
				lines = append(lines, f.Say("Case %s is held: %s", c.Number, h.Reason))
			}
		}
	}
	return lines, err
}
