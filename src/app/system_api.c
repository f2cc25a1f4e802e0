/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Health, readiness, metrics (Prometheus text, exposition format 0.0.4), OpenAPI.
 */
#include "app/system_api.h"

#include "net/server.h"

static struct reply get_health(struct request *rq)
{
    (void)rq;
    return (struct reply){.status = 200, .body = STR("{\"status\":\"ok\"}")};
}

/* Ready: the store can be read, and the last commits did not all fail. */
static struct reply get_ready(struct request *rq)
{
    const struct system_room *room = rq->room;
    struct store_figures f = store_figures(room->home->store);
    if (store_ping(rq->store) != STORE_OK || f.failing)
        return reply_problem(503, "not_ready", "The data cannot be read or written now.");
    return (struct reply){.status = 200, .body = STR("{\"status\":\"ready\"}")};
}

static void metric(struct buf *b, const char *name, const char *type, const char *help, uint64_t value)
{
    buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n%s %llu\n", name, help, name, type, name, (unsigned long long)value);
}

static struct reply get_metrics(struct request *rq)
{
    const struct system_room *room = rq->room;
    const struct home *h = room->home;
    struct store_figures s = store_figures(h->store);
    struct server_figures n = server_figures(h->server);
    struct buf b = {.arena = rq->arena};
    metric(&b, "xiaoer_store_commits_total", "counter", "Commits of the write connection.", s.commits);
    metric(&b, "xiaoer_store_units_total", "counter", "Units of work in them.", s.units);
    metric(&b, "xiaoer_store_faults_total", "counter", "Commits that failed.", s.faults);
    metric(&b, "xiaoer_store_commit_microseconds_total", "counter", "Time spent in them.", s.commit_us);
    metric(&b, "xiaoer_store_waiting", "gauge", "Units that wait for the writer.", s.waiting);
    metric(&b, "xiaoer_http_requests_total", "counter", "HTTP requests.", n.requests);
    metric(&b, "xiaoer_connections_refused_total", "counter", "Connections refused for being too many.", n.refused);
    metric(&b, "xiaoer_live_sockets", "gauge", "Live sockets now.", n.sockets);
    metric(&b, "xiaoer_live_accepted_total", "counter", "Live sockets accepted.", n.accepted);
    metric(&b, "xiaoer_live_frames_in_total", "counter", "Frames received.", n.frames_in);
    metric(&b, "xiaoer_live_frames_out_total", "counter", "Frames sent.", n.frames_out);
    metric(&b, "xiaoer_turns_waiting", "gauge", "Buyers' messages that wait for a worker.", work_waiting(h->turns));
    outgoing_metrics(room->outgoing, &b);
    return (struct reply){.status = 200, .body = buf_view(&b), .type = "text/plain; version=0.0.4; charset=utf-8"};
}

static struct reply get_document(struct request *rq)
{
    const struct system_room *room = rq->room;
    return (struct reply){.status = 200, .body = room->document};
}

const struct route system_routes[] = {
    {METHOD_GET, "/healthz", get_health, .tag = "System", .help = "The process runs."},
    {METHOD_GET, "/readyz", get_ready, .tag = "System", .help = "The data can be read and written."},
    {METHOD_GET, "/metrics", get_metrics, .tag = "System", .help = "Figures in Prometheus text."},
    {METHOD_GET, "/api/v1/openapi.json", get_document, .tag = "System", .help = "This document."},
};
const size_t system_route_count = COUNT(system_routes);
