// Package charts turns values into ECharts options as data: go-echarts builds
// the option, encoding/json writes it, and the page's one mount script draws it.
//
// It never renders: go-echarts' own pages hold inline script and do not escape
// names (a category called </script> would run). Options name colours and number
// formats by token ("var(--ink)", "money:EUR"); the mount script resolves them,
// so that a chart follows the page's theme and no function travels as text.
package charts

import (
	"encoding/json"
	"fmt"
	"maps"
)

// Chart is one drawn picture: its option and what a screen reader says of it.
type Chart struct {
	Label  string          // the picture in a sentence
	Size   string          // class of its height: "low", "mid", "tall"
	Option json.RawMessage // the option; encoded with <, > and & escaped
}

// look is what the mount script needs to know besides the option: number formats
// by name for each axis and the tooltip, and room at the right for end labels.
type look struct {
	X     string `json:"x,omitempty"`
	Y     string `json:"y,omitempty"`
	Tip   string `json:"tip,omitempty"`
	Right int    `json:"right,omitempty"`
	Top   int    `json:"top,omitempty"`
}

// encode writes a validated go-echarts option with the look beside it. Series
// keys that go-echarts has no field for are merged by position.
func encode(option map[string]any, l look, series []map[string]any) (json.RawMessage, error) {
	option["credence"] = l
	body, err := json.Marshal(option)
	if err != nil {
		return nil, fmt.Errorf("encode chart: %w", err)
	}
	if series == nil {
		return body, nil
	}
	var plain map[string]any
	if err = json.Unmarshal(body, &plain); err != nil {
		return nil, fmt.Errorf("read chart back: %w", err)
	}
	list, _ := plain["series"].([]any)
	for i, extra := range series {
		if i >= len(list) {
			break
		}
		if one, ok := list[i].(map[string]any); ok {
			maps.Copy(one, extra)
		}
	}
	if body, err = json.Marshal(plain); err != nil {
		return nil, fmt.Errorf("encode chart: %w", err)
	}
	return body, nil
}

// Colour is a colour token of the page: "ink", "mid", "accent", "good", or a
// channel's class such as "ch-rep-social".
type Colour string

func (c Colour) css() string { return "var(--" + string(c) + ")" }
