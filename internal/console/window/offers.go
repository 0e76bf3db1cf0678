package window

import (
	"context"
	"slices"

	"caseline/internal/console/record"
	"caseline/internal/desk"
	"caseline/internal/desk/report"
)

// readOffers reads to whom the chats were offered that come to an agent, or end,
// in what is to be drawn. Where there are any, the whole life of the chats says
// when each was waited for.
func (r Reader) readOffers(ctx context.Context, log *Log) error {
	if !slices.ContainsFunc(log.Entries, func(e desk.Correspondence) bool { return log.Draw[e.Seq] && record.EndsWaiting(e) }) {
		return nil
	}
	offers, err := r.Store.OffersOf(ctx, log.Case.ID)
	if err != nil || len(offers) == 0 {
		return err
	}
	life, err := r.Store.ChatLog(ctx, log.Case.ID)
	if err != nil {
		return err
	}
	log.add(slices.DeleteFunc(life, func(e desk.Correspondence) bool { return !record.EndsWaiting(e) })...)
	agents, err := r.Store.Agents(ctx)
	if err != nil {
		return err
	}
	names := make(map[desk.AgentID]string, len(agents))
	for _, a := range agents {
		names[a.ID] = a.Name
	}
	slices.SortStableFunc(offers, func(a, b report.OfferFact) int { return a.EndedAt.Compare(b.EndedAt) })
	for _, o := range offers {
		log.Offers = append(log.Offers, record.Offered{OfferFact: o, Name: names[o.Agent]})
	}
	return nil
}
