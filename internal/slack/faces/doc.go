// Package faces brings the pictures of people in Slack here, so that agents see
// who writes to them.
//
// A picture is brought when it is first to be shown, and then served from our
// own address: no browser of an agent asks another host, and what is no
// picture, or too large for one, is never served. They are good to have and
// never in anybody's way: without one, initials are shown.
package faces
