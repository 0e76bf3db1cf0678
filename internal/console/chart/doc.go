// Package chart lays out charts, to be drawn by the template "chart": shapes in
// an SVG that takes whatever room there is, with the numbers in words and in a
// table beside them. It is pure.
package chart
