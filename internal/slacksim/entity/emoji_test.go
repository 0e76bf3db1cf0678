package entity

import (
	"reflect"
	"testing"
)

func TestEmojiChanges(t *testing.T) {
	type m = map[string]any
	tests := []struct {
		name        string
		before, now map[string]string
		want        []map[string]any
	}{
		{"nothing", map[string]string{"a": "x"}, map[string]string{"a": "x"}, nil},
		{"one more", nil, map[string]string{"a": "x"}, []map[string]any{{"subtype": "add", "name": "a", "value": "x"}}},
		{"another picture", map[string]string{"a": "x"}, map[string]string{"a": "y"}, []map[string]any{{"subtype": "add", "name": "a", "value": "y"}}},
		{"some fewer", map[string]string{"a": "x", "b": "y", "c": "z"}, map[string]string{"b": "y"}, []map[string]any{{"subtype": "remove", "names": []string{"a", "c"}}}},
		{"another name", map[string]string{"a": "x"}, map[string]string{"b": "x"}, []map[string]any{m{"subtype": "rename", "old_name": "a", "new_name": "b", "value": "x"}}},
	}
	for _, tt := range tests {
		if got := EmojiChanges(tt.before, tt.now); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestEmojiOfFollowsSecondNames(t *testing.T) {
	own := map[string]string{"a": "x", "b": "alias:a", "yes": "alias:thumbsup", "round": "alias:round"}
	for name, want := range map[string][3]any{
		"a": {"x", "", true}, "b": {"x", "", true}, "yes": {"", "thumbsup", true}, "round": {"", "", false}, "none": {"", "none", false},
	} {
		if address, common, ok := EmojiOf(own, name); address != want[0] || common != want[1] || ok != want[2] {
			t.Errorf("%s: got %q %q %v, want %v", name, address, common, ok, want)
		}
	}
}
