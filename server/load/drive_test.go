package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestQuantile(t *testing.T) {
	t.Parallel()
	hundred := make([]time.Duration, 100)
	for i := range hundred {
		hundred[i] = time.Duration(i + 1)
	}
	tests := []struct {
		name   string
		sorted []time.Duration
		share  float64
		want   time.Duration
	}{
		{"the middle of a hundred is the fiftieth", hundred, .5, 50},
		{"99 of a hundred are at most the 99th", hundred, .99, 99},
		{"all are at most the last", hundred, 1, 100},
		{"half of three is the second", []time.Duration{1, 2, 3}, .5, 2},
		{"one value is every quantile", []time.Duration{7}, .99, 7},
		{"of nothing it is nothing", nil, .99, 0},
	}
	for _, tt := range tests {
		if got := quantile(tt.sorted, tt.share); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

// A request that was due a minute ago has waited a minute, however quick its answer.
func TestWaitingCountsFromWhenARequestWasDue(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/busy" {
			w.Header().Set("Retry-After", "5")
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(server.Close)
	r := &reader{client: server.Client()}
	tests := []struct {
		path   string
		bad    bool
		status int
		after  int
	}{
		{"/deals", false, http.StatusOK, 0},
		{"/busy", true, http.StatusServiceUnavailable, 5},
	}
	for _, tt := range tests {
		got := ask{"kind", tt.path, r}.send(t.Context(), server.URL, time.Now().Add(-time.Minute))
		if got.waited < time.Minute || got.bad() != tt.bad || got.status != tt.status || got.after != tt.after {
			t.Errorf("%s: %+v, want bad %v, status %d and Retry-After %d after at least a minute", tt.path, got, tt.bad, tt.status, tt.after)
		}
	}
	nobody := ask{"kind", "/", r}.send(t.Context(), "http://127.0.0.1:1", time.Now())
	if !nobody.bad() || nobody.status != 0 {
		t.Errorf("without an answer: %+v, want an error", nobody)
	}
}
