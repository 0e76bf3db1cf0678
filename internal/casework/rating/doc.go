// Package rating has the use case of those who say how a chat was.
//
// One person says one thing of one chat, and can change it for three days. Only
// who took part is asked: who asked for the chat and who wrote in it.
package rating
