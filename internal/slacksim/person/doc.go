// Package person is what people can do in Slack's client: write, run commands,
// press buttons, fill in forms. It turns what they do into changes of the world
// and requests to the app, and what the app answers into what they see. Pages
// and test drivers act through it, and read from packages world and screen.
package person
