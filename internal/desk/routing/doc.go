// Package routing decides which agent a waiting chat is offered to, or says why
// to none. It is pure: the same floor, the same chats and the same time give the
// same plan, on every node.
//
// Chats are served in one order. Those that came back to the queue go first,
// then the most severe, then who has waited longest; but while its first-response
// target passes a chat rises, in equal steps, from its severity to the highest. So
// whoever has waited for their target stands among the most severe, where
// nobody who comes later is served before them: nobody starves.
//
// A chat is for the members of the teams whose skills cover it that are open
// now, or where no team covers it for everybody. Of those it is offered to one
// who is online, has the skills by their own seat and has room: first to those at
// whose devices somebody is, of those to the agent whom the customer knows, then to whoever has the least in hand for what they
// take on, then to who was asked longest ago. Nobody is asked about two chats at once. Who passed, or let an offer lapse,
// is asked again after Rules.AskAgain, and those who did not pass go first.
//
// Offers forbid nothing: any agent may take any waiting chat by hand.
package routing
