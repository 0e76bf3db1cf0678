package client

import (
	"fmt"
	"time"

	"caseline/internal/slacksim/person"
	"caseline/internal/slacksim/screen"
	"caseline/internal/slacksim/world"
)

const cardBlocks = `[
 {"type":"header","block_id":"h","text":{"type":"plain_text","text":"Case 1000000042: checkout is slow"}},
 {"type":"section","block_id":"facts","fields":[
   {"type":"mrkdwn","text":"*Status*\nWork in progress"},{"type":"mrkdwn","text":"*Severity*\nHigh · first answer within 4 h"},
   {"type":"mrkdwn","text":"*Account*\nNorthwind 1234 5678 9012"},{"type":"mrkdwn","text":"*Requester*\n<@%s>"}]},
 {"type":"context","block_id":"state","elements":[{"type":"mrkdwn","text":":large_green_circle: *Jane from Support* joined at 10:02. Messages are shared with Support and recorded."}]},
 {"type":"divider"},
 {"type":"actions","block_id":"do","elements":[
   {"type":"button","action_id":"end","text":{"type":"plain_text","text":"End chat"},"style":"danger","value":"42","confirm":{"title":{"type":"plain_text","text":"End this chat?"},"text":{"type":"mrkdwn","text":"The transcript is saved to the case. *Later messages* are not."},"confirm":{"type":"plain_text","text":"End chat"},"deny":{"type":"plain_text","text":"Keep talking"},"style":"danger"}},
   {"type":"button","action_id":"resolve","text":{"type":"plain_text","text":"Resolve case"},"style":"primary","value":"42"},
   {"type":"button","action_id":"details","text":{"type":"plain_text","text":"See details"}},
   {"type":"overflow","action_id":"more","options":[{"text":{"type":"plain_text","text":"Copy case number"},"value":"copy"},{"text":{"type":"plain_text","text":"Mute notices"},"value":"mute"}]}]}]`

const everyBlock = `[
 {"type":"section","block_id":"s1","text":{"type":"mrkdwn","text":"Which *service* is it about? Pick one and we route it."},"accessory":{"type":"static_select","action_id":"service","placeholder":{"type":"plain_text","text":"Choose a service"},"option_groups":[
   {"label":{"type":"plain_text","text":"Shop"},"options":[{"text":{"type":"plain_text","text":"Checkout"},"value":"checkout"},{"text":{"type":"plain_text","text":"Catalogue"},"value":"catalogue"}]},
   {"label":{"type":"plain_text","text":"Back office"},"options":[{"text":{"type":"plain_text","text":"Invoices"},"value":"invoices"}]}]}},
 {"type":"section","block_id":"s2","text":{"type":"mrkdwn","text":"Who should hear of it?"},"accessory":{"type":"multi_users_select","action_id":"who","placeholder":{"type":"plain_text","text":"Add people"}}},
 {"type":"actions","block_id":"a1","elements":[
   {"type":"datepicker","action_id":"day","initial_date":"2026-11-23"},
   {"type":"radio_buttons","action_id":"pick","initial_option":{"text":{"type":"mrkdwn","text":"*Call* me"},"value":"call"},"options":[{"text":{"type":"mrkdwn","text":"*Call* me"},"value":"call"},{"text":{"type":"plain_text","text":"Write to me"},"value":"write"}]},
   {"type":"checkboxes","action_id":"also","options":[{"text":{"type":"plain_text","text":"Tell the channel"},"description":{"type":"plain_text","text":"Everybody here sees it"},"value":"tell"}]},
   {"type":"external_select","action_id":"find","min_query_length":2,"placeholder":{"type":"plain_text","text":"Find a case"}}]},
 {"type":"image","block_id":"img","image_url":"/client/assets/%s/mark.svg","alt_text":"The mark","title":{"type":"plain_text","text":"A picture"}},
 {"type":"rich_text","block_id":"rt","elements":[
   {"type":"rich_text_section","elements":[{"type":"text","text":"What we know, ","style":{"bold":true}},{"type":"text","text":"so far","style":{"italic":true}},{"type":"text","text":": see "},{"type":"link","url":"https://status.example/42","text":"the status page"},{"type":"text","text":" "},{"type":"emoji","name":"eyes"}]},
   {"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"p99 went from 300 ms to 4 s at 08:40"}]},{"type":"rich_text_section","elements":[{"type":"text","text":"only "},{"type":"text","text":"eu-west","style":{"code":true}}]}]},
   {"type":"rich_text_list","style":"ordered","indent":1,"elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"restarted once"}]}]},
   {"type":"rich_text_preformatted","elements":[{"type":"text","text":"upstream timed out (110: Connection timed out)\n  while reading response header"}]},
   {"type":"rich_text_quote","elements":[{"type":"text","text":"It started right after the deploy."}]}]},
 {"type":"hologram","block_id":"x"}]`

const everyInput = `{"type":"modal","callback_id":"create","notify_on_close":true,
 "title":{"type":"plain_text","text":"Create a support case"},"submit":{"type":"plain_text","text":"Review"},"close":{"type":"plain_text","text":"Cancel"},
 "blocks":[
 {"type":"section","block_id":"intro","text":{"type":"mrkdwn","text":"Tell Support what is wrong. Fields marked *(optional)* can wait."}},
 {"type":"input","block_id":"subject","label":{"type":"plain_text","text":"Subject"},"hint":{"type":"plain_text","text":"One line that says what is wrong."},"element":{"type":"plain_text_input","action_id":"v","max_length":80,"placeholder":{"type":"plain_text","text":"e.g. Checkout is slow"}}},
 {"type":"input","block_id":"description","label":{"type":"plain_text","text":"Description"},"element":{"type":"plain_text_input","action_id":"v","multiline":true,"initial_value":"Since the deploy,"}},
 {"type":"input","block_id":"severity","dispatch_action":true,"label":{"type":"plain_text","text":"Severity"},"element":{"type":"static_select","action_id":"v","initial_option":{"text":{"type":"plain_text","text":"Normal"},"value":"normal"},"options":[{"text":{"type":"plain_text","text":"Low"},"value":"low"},{"text":{"type":"plain_text","text":"Normal"},"value":"normal"},{"text":{"type":"plain_text","text":"High"},"value":"high"}]}},
 {"type":"input","block_id":"contact","label":{"type":"plain_text","text":"How do we talk?"},"element":{"type":"radio_buttons","action_id":"v","initial_option":{"text":{"type":"plain_text","text":"Live chat in Slack"},"value":"chat"},"options":[{"text":{"type":"plain_text","text":"Live chat in Slack"},"description":{"type":"plain_text","text":"A new private channel"},"value":"chat"},{"text":{"type":"plain_text","text":"Email and Slack notifications"},"value":"mail"}]}},
 {"type":"input","block_id":"members","optional":true,"label":{"type":"plain_text","text":"Members to add"},"element":{"type":"multi_users_select","action_id":"v","placeholder":{"type":"plain_text","text":"Add people"}}},
 {"type":"input","block_id":"related","optional":true,"label":{"type":"plain_text","text":"Related case"},"element":{"type":"external_select","action_id":"v","min_query_length":1,"placeholder":{"type":"plain_text","text":"Search cases"}}},
 {"type":"input","block_id":"mail","optional":true,"label":{"type":"plain_text","text":"CC address"},"element":{"type":"email_text_input","action_id":"v"}},
 {"type":"input","block_id":"since","optional":true,"label":{"type":"plain_text","text":"Since when"},"element":{"type":"datetimepicker","action_id":"v"}},
 {"type":"input","block_id":"agree","optional":true,"label":{"type":"plain_text","text":"Also"},"element":{"type":"checkboxes","action_id":"v","options":[{"text":{"type":"mrkdwn","text":"Page the *on-call* engineer"},"value":"page"},{"text":{"type":"plain_text","text":"Send me a copy"},"value":"copy"}]}},
 {"type":"input","block_id":"files","optional":true,"label":{"type":"plain_text","text":"Files"},"element":{"type":"file_input","action_id":"v","filetypes":["png","txt"],"max_files":3}}]}`

// furnish says and shows everything the client can show.
func (o *office) furnish() {
	o.t.Helper()
	t := o.t
	o.say("alice", "general", "Good morning! The new shop went live last night. :tada:")
	o.say("bob", "general", "Congratulations all :clap:")
	o.later(24 * time.Hour)
	o.say("chen", "operations", "Deploy 2026.11.21 is out in *eu-west*, _us-east_ follows at 10:00.")
	slow := o.say("bob", "operations", "Since then the checkout takes about 4 s here:\n```\nGET /checkout 200 4.013s\nGET /checkout 504 60.000s\n```\n> is it only me?")
	o.reply("chen", slow, "I see the same, looking at the database now")
	o.reply("alice", slow, "Shall we ask Support? @bob")
	o.reply("bob", slow, "Yes please")
	must(t, o.w.React(o.users["alice"].ID, slow.Channel, slow.TS, "eyes"))
	must(t, o.w.React(o.users["chen"].ID, slow.Channel, slow.TS, "eyes"))
	must(t, o.w.React(o.users["chen"].ID, slow.Channel, slow.TS, "+1"))
	edited := o.say("alice", "operations", "I open a case, the dashboards are at https://grafana.example/d/42?var=eu&from=now-1h")
	o.later(time.Minute)
	_, err := o.people.Edit(o.users["alice"].ID, edited.Channel, edited.TS, "I open a case. Dashboards: https://grafana.example/d/42?var=eu&from=now-1h `p99` is the one to watch")
	must(t, err)
	gone := o.say("bob", "operations", "never mind this")
	o.reply("chen", gone, "what was it?")
	must(t, o.w.Delete(o.users["bob"].ID, gone.Channel, gone.TS))
	_, err = o.w.SetTopic(o.users["alice"].ID, slow.Channel, "Deploys, incidents and everything that runs · on call: Bob")
	must(t, err)
	o.appPost("operations", world.Posting{Text: "Which service?", Blocks: blocks(t, fmt.Sprintf(everyBlock, o.server.assets.hash))})
	o.chat()
	must(t, o.w.MarkRead(o.users["bob"].ID, o.chans["random"].ID, ""))
	o.say("chen", "random", "Lunch at 12:30? @alice @bob")
	dm, _, err := o.w.OpenDirect(o.users["bob"].ID, []string{o.users["alice"].ID}, true)
	must(t, err)
	o.chans["dm"] = dm
	o.say("bob", "dm", "Do you have a minute?")
	o.changes(slow)
}

// changes fills a channel with what can happen to people, groups and channels.
func (o *office) changes(from world.Message) {
	o.t.Helper()
	t, alice := o.t, o.users["alice"].ID
	shared := ok[world.Channel](t)(o.w.CreateChannel(o.ws.ID, alice, "acme-fabrikam-launch", world.Public))
	eve := ok[world.User](t)(o.w.PutUser(world.User{Workspace: o.ws.ID, Name: "eve", RealName: "Eve Marchetti", Title: "Partner engineer", Home: "T0FAR", HomeName: "Fabrikam"}))
	frank := ok[world.User](t)(o.w.PutUser(world.User{Workspace: o.ws.ID, Name: "frank", RealName: "Frank Ito"}))
	o.chans["shared"], o.users["eve"], o.users["frank"] = shared, eve, frank
	_, err := o.w.Connect(shared.ID, "T0FAR")
	must(t, err)
	_, _, err = o.w.Invite(alice, shared.ID, []string{eve.ID, frank.ID, o.users["bob"].ID, o.users["dana"].ID, o.in.BotUser}, true)
	must(t, err)
	_, err = o.w.PutGroup(world.UserGroup{Workspace: o.ws.ID, Handle: "oncall", Name: "On call", Members: []string{alice, o.users["bob"].ID}})
	must(t, err)
	o.say("eve", "shared", "Our side of the launch is ready. Who watches the queues tonight?")
	o.say("frank", "shared", "@oncall does, I think")
	o.say("dana", "shared", "I can help until six")
	_, err = o.people.Forward(o.users["bob"].ID, from.Channel, from.TS, person.Draft{Channel: shared.ID, Text: "This is what we see, for the record"})
	must(t, err)
	must(t, o.w.Deactivate(frank.ID))
	old := ok[world.Channel](t)(o.w.CreateChannel(o.ws.ID, alice, "launch-2025", world.Public))
	o.chans["old"] = old
	o.say("alice", "old", "That was the last one. Thanks everybody!")
	must(t, o.w.ArchiveChannel(alice, old.ID))
	robot, _, err := o.w.OpenDirect(alice, []string{o.in.BotUser}, true)
	must(t, err)
	o.chans["robot"] = robot
	o.say("alice", "robot", "hello?")
}

// chat fills the case's channel.
func (o *office) chat() {
	o.t.Helper()
	t, alice := o.t, o.users["alice"].ID
	card := o.appPost("case-1000000042", world.Posting{Text: "Case 1000000042", Blocks: blocks(t, fmt.Sprintf(cardBlocks, alice))})
	must(t, o.w.Pin(o.in.BotUser, card.Channel, card.TS))
	o.say("alice", "case-1000000042", "Hello, the checkout has been slow since 08:40, only in eu-west.")
	jane := world.Posting{Username: "Jane Miller (Support)", Icons: &world.Icons{Emoji: ":headphones:"}}
	jane.Text = "Hi Alice, thanks. Could you send me the *slow query log* and a screenshot of `p99`?"
	o.appPost("case-1000000042", jane)
	log := ok[world.File](t)(o.w.AddFile(alice, "slow-queries.log", []byte("2026-11-21 08:41:02 4013ms SELECT …\n")))
	shot := ok[world.File](t)(o.w.AddFile(alice, "p99.png", picture(t, 360, 160)))
	o.later(time.Minute)
	_, err := o.w.Post(world.Posting{Channel: card.Channel, User: alice, Text: "Here they are", FileIDs: []string{shot.ID, log.ID}})
	must(t, err)
	jane.Text = "Got it. It is the index on `orders(customer_id)`: the deploy dropped it.\n• I put it back on one replica\n• please watch <https://grafana.example/d/42|the dashboard> for five minutes"
	o.appPost("case-1000000042", jane)
	_, err = o.people.Send(t.Context(), person.Draft{User: o.users["bob"].ID, Channel: card.Channel, Text: "/me is watching"})
	must(t, err)
	_, err = o.screens.ShowEphemeral(screen.Ephemeral{
		User: alice, Channel: card.Channel, App: o.app.ID, BotUser: o.in.BotUser, Blocks: blocks(t, `[
		{"type":"section","block_id":"ask","text":{"type":"mrkdwn","text":"You wrote *3 messages* while waiting. Share them with Support?"}},
		{"type":"actions","block_id":"answer","elements":[{"type":"button","action_id":"share","style":"primary","text":{"type":"plain_text","text":"Share"}},{"type":"button","action_id":"keep","text":{"type":"plain_text","text":"Keep private"}}]}]`),
	})
	must(t, err)
}
