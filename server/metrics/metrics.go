// Package metrics counts what the server does, for a Prometheus that asks.
//
// Nothing in it says who: labels are route patterns, verbs, names of sources and
// results. The methods of a nil *Metrics count nothing, so that what can be
// counted need not know whether it is.
package metrics

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"credence/warehouse"
)

// Metrics are the counters of one server. New is its only constructor.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec // route, method, status
	jobs     *prometheus.HistogramVec // verb, result
	runs     *prometheus.CounterVec   // source, result
	rows     *prometheus.CounterVec   // source, result
	broken   prometheus.Gauge
}

// New counts from zero. version is shown as credence_build_info.
func New(version string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "credence_http_request_seconds", Help: "How long requests took, by route pattern.",
			Buckets: []float64{0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 60},
		}, []string{"route", "method", "status"}),
		jobs: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "credence_job_seconds", Help: "How long verbs took (sync, refresh, check, backup …), asked from a page or the command line.",
			Buckets: []float64{0.1, 0.3, 1, 3, 10, 30, 100, 300, 900, 3600},
		}, []string{"verb", "result"}),
		runs: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "credence_sync_runs_total", Help: "Readings of each source: done or failed.",
		}, []string{"source", "result"}),
		rows: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "credence_sync_rows_total", Help: "Rows of each source: read, kept and rejected, and records changed by them.",
		}, []string{"source", "result"}),
		broken: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "credence_broken_invariants", Help: "Invariants that the last nightly check found broken; -1 before the first, and when it did not finish or had no figures to check.",
		}),
	}
	m.Checked(-1)
	build := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "credence_build_info", Help: "1, with the version that runs."}, []string{"version"})
	build.WithLabelValues(version).Set(1)
	m.registry.MustRegister(m.requests, m.jobs, m.runs, m.rows, m.broken, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Request counts one answered request. route is its pattern, such as /deals/:id.
func (m *Metrics) Request(route, method string, status int, took time.Duration) {
	if m != nil {
		m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Observe(took.Seconds())
	}
}

// Job counts one verb by its exit code.
func (m *Metrics) Job(verb string, exit int, took time.Duration) {
	if m != nil {
		m.jobs.WithLabelValues(verb, strconv.Itoa(exit)).Observe(took.Seconds())
	}
}

// Synced counts one reading of a source.
func (m *Metrics) Synced(run *warehouse.Run) {
	if m == nil {
		return
	}
	m.runs.WithLabelValues(run.Source, run.Status).Inc()
	for result, n := range map[string]int64{"read": run.Read, "kept": run.Kept, "rejected": run.Rejected, "changed": run.Changed} {
		m.rows.WithLabelValues(run.Source, result).Add(float64(n))
	}
}

// Checked shows how many invariants a check found broken; -1 is no check.
func (m *Metrics) Checked(broken int) {
	if m != nil {
		m.broken.Set(float64(broken))
	}
}

// Gauge shows what now answers whenever somebody asks. Names are given once.
func (m *Metrics) Gauge(name, help string, now func() float64) {
	if m != nil {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, now))
	}
}

// Handler answers with everything in the text format.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.HTTPErrorOnError})
}
