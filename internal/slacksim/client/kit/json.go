package kit

import "strconv"

// Object is a JSON object, as blocks are kept.
type Object = map[string]any

func object(m Object, key string) Object {
	o, _ := m[key].(Object)
	return o
}

func boolean(m Object, key string) bool {
	b, _ := m[key].(bool)
	return b
}

// number returns a number, or -1 if there is none.
func number(m Object, key string) int {
	switch n := m[key].(type) {
	case float64:
		if n >= 0 && n < 1e15 {
			return int(n)
		}
	case int:
		return n
	case string:
		if i, err := strconv.Atoi(n); err == nil {
			return i
		}
	}
	return -1
}

func objects(m Object, key string) []Object {
	switch list := m[key].(type) {
	case []Object:
		return list
	case []any:
		var out []Object
		for _, v := range list {
			if o, ok := v.(Object); ok {
				out = append(out, o)
			}
		}
		return out
	}
	return nil
}

func texts(m Object, key string) []string {
	switch list := m[key].(type) {
	case []string:
		return list
	case []any:
		var out []string
		for _, v := range list {
			if s, ok := v.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}
