/*
 * Many nodes: what consent_cluster says, and the replicator, one worker of the node, that tells the others what was decided
 * here and applies what was decided there. No request waits for it.
 */

#ifndef NGX_CONSENT_CLUSTER_H
#define NGX_CONSENT_CLUSTER_H

#include "cluster/message.h"
#include "ledger/replica.h"
#include "nginx/commit.h"
#include "nginx/link.h"
#include "nginx/node_lock.h"

#define NGX_CONSENT_CLUSTER_BEAT    1000            /* ms between two statuses */
#define NGX_CONSENT_CLUSTER_LOOK    20              /* ms between two looks whether something has been decided */
#define NGX_CONSENT_CLUSTER_BUSY    4               /* the same, when something was in the last second */
#define NGX_CONSENT_CLUSTER_ABSENT  (3 * 24 * 60 * 60 * (ngx_msec_t) 1000)     /* ms: longer is not waited for */
#define NGX_CONSENT_CLUSTER_AWAY    60000           /* ms: a node that was not heard of for so long does not keep the stream */
#define NGX_CONSENT_CLUSTER_GAP     5000            /* ms that a gap may be open before it is an alarm */

typedef struct {
    char                     *address;      /* literal, or the path of a socket */
    int                       port;         /* 0: a socket */
} ngx_consent_server_t;

typedef struct ngx_consent_cluster_conf_s {
    ngx_array_t               servers;      /* ngx_consent_server_t: of Redis, or the sentinels */
    ngx_str_t                 master;       /* whom the sentinels are asked for; empty: none */
    ngx_str_t                 password;     /* empty: none */
    ngx_str_t                 db;           /* empty: the first */
    ngx_str_t                 node;         /* empty: the origin of the keys */
    ngx_array_t               roster;       /* ngx_str_t; empty: all that have been heard of */
} ngx_consent_cluster_conf_t;

/* Another node. */
typedef struct {
    consent_replica_place_t   place;        /* what we have of it */
    uint64_t                  epoch;        /* what it says of itself */
    uint64_t                  sequence;     /* the last that it has sent */
    uint64_t                  oldest;
    uint64_t                  confirmed;    /* of ours, in our epoch */
    consent_replica_position_t  position;   /* where it is in the stream */
    ngx_msec_t                heard;
    ngx_msec_t                gap;          /* since when something is missing; 0: nothing is */
    ngx_msec_t                wanted;       /* when it was last asked for */
    ngx_msec_t                served;       /* when it was last sent again what it asked for */
    unsigned                  known:1;      /* heard of since this replicator began */
    unsigned                  alarm:1;
    unsigned                  empty:1;
} ngx_consent_peer_t;

/* What is to be sent: made on the thread pool, given in the event loop. */
typedef struct {
    ngx_queue_t               queue;
    uint64_t                  last;         /* sequence of its last record; 0: it has none */
    size_t                    len;
    u_char                    data[];
} ngx_consent_letter_out_t;

typedef struct ngx_consent_import_s  ngx_consent_import_t;
typedef struct ngx_consent_export_s  ngx_consent_export_t;

typedef struct {
    ngx_consent_main_conf_t     *mcf;
    ngx_consent_cluster_conf_t  *conf;
    consent_ledger_t            *ledger;
    consent_cluster_keys_t       keys;
    consent_slice_t              node;
    u_char                       stream[sizeof("consent:{}:stream") + CONSENT_CLUSTER_TAG_LEN];
    ngx_log_t                   *log;

    ngx_consent_node_lock_t      lock;          /* whoever has it replicates */
    ngx_event_t                  beat;
    ngx_event_t                  look;
    ngx_event_t                  again;         /* when it is tried to connect again */
    ngx_event_t                  hold;          /* keeps a worker from leaving while a thread works for us */
    ngx_uint_t                   working;

    ngx_consent_link_t           link;          /* for all but waiting */
    ngx_consent_link_t           follow;        /* waits for what the stream has */
    ngx_uint_t                   server;        /* which is tried next */
    char                         target[64];    /* a master that sentinels named, or where a slot has moved; empty: none */
    int                          target_port;
    ngx_msec_t                   backoff;
    ngx_msec_t                   contact;       /* when Redis last answered */

    /* what is sent: send.c */
    ngx_thread_task_t            send_task;
    ngx_queue_t                  made;          /* ngx_consent_letter_out_t: the thread's */
    ngx_queue_t                  letters;       /* the same, to be given */
    consent_replica_self_t       self;
    consent_replica_place_t      vector[CONSENT_NODES_MAX];
    size_t                       n_vector;
    struct {
        uint64_t                 epoch;         /* from where it goes on */
        uint64_t                 read;
        consent_rc_t             rc;
        consent_replica_self_t   self;
        consent_replica_place_t  vector[CONSENT_NODES_MAX];
        size_t                   n_vector;
        unsigned                 more:1;        /* it has not told all */
    }                            task;          /* the thread's */
    uint64_t                     mark;          /* of the store, when it was last looked at */
    ngx_msec_t                   moved;         /* when that was another than before */
    uint64_t                     epoch;         /* of what read and sent are of */
    uint64_t                     read;          /* up to which sequence letters have been made */
    uint64_t                     sent;          /* up to which Redis has them */
    ngx_uint_t                   in_flight;
    ngx_msec_t                   pause;         /* Redis takes nothing until then; 0: it does */

    /* what is heard: hear.c */
    consent_replica_position_t   position;
    ngx_queue_t                  heard;
    ngx_uint_t                   n_heard;
    ngx_uint_t                   applying;
    ngx_consent_peer_t           peers[CONSENT_NODES_MAX];
    ngx_uint_t                   n_peers;

    ngx_uint_t                   beats_since_trim;
    ngx_consent_import_t        *import;
    ngx_consent_export_t        *export;

    unsigned                     started:1;
    unsigned                     leaving:1;
    unsigned                     ready:1;       /* both links are, and the stream is followed */
    unsigned                     following:1;   /* the stream has been asked for more */
    unsigned                     sending:1;     /* the task is on its way */
    unsigned                     beats:1;       /* a status is due */
    unsigned                     confirming:1;
    unsigned                     renewing:1;    /* the store is asked whether it is an old one */
    unsigned                     trimmed:1;     /* Redis has done so */
    unsigned                     ill:1;         /* and that has been said */
    unsigned                     asking:1;      /* a sentinel is, or where our slot is */
} ngx_consent_cluster_t;

extern ngx_consent_cluster_t  ngx_consent_cluster;

/* cluster_conf.c */
char *ngx_consent_conf_cluster(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* cluster.c: of a worker. */
void ngx_consent_cluster_start(ngx_cycle_t *cycle, ngx_consent_main_conf_t *mcf, consent_ledger_t *ledger);
void ngx_consent_cluster_stop(void);
void ngx_consent_cluster_work(ngx_thread_task_t *task);     /* posts one, and holds the worker until _worked() */
void ngx_consent_cluster_worked(void);
ngx_int_t ngx_consent_cluster_command(ngx_consent_link_t *link, ngx_consent_reply_pt handler, void *data, size_t n, ...);
void ngx_consent_cluster_failed(const char *what, const consent_reply_t *reply);

/* cluster_connect.c */
void ngx_consent_cluster_connect(ngx_event_t *ev);
void ngx_consent_cluster_lost(ngx_consent_link_t *link);
ngx_int_t ngx_consent_stream_id(consent_slice_t text, uint64_t *ms, uint64_t *n);

/* cluster_send.c */
void ngx_consent_cluster_send_init(void);
void ngx_consent_cluster_send_end(void);
void ngx_consent_cluster_send(void);
void ngx_consent_cluster_say(const consent_cluster_message_t *message);     /* in the stream, at once */
void ngx_consent_cluster_rewind(uint64_t sequence);      /* somebody misses what is from here on */

/* cluster_hear.c */
void ngx_consent_cluster_follow(void);
void ngx_consent_hear_drop(void);           /* what has been heard and not applied */
ngx_consent_peer_t *ngx_consent_cluster_peer(consent_slice_t node);
void ngx_consent_cluster_tend(void);        /* cluster_tend.c, once a beat: gaps, what is confirmed, what may be trimmed */
ngx_consent_commit_t *ngx_consent_cluster_op(consent_replica_op_t **op, size_t extra, u_char **memory);

/* cluster_import.c, cluster_export.c */
void ngx_consent_import_begin(ngx_consent_peer_t *peer);
void ngx_consent_import_tend(void);
void ngx_consent_import_end(void);
void ngx_consent_export_begin(const consent_cluster_message_t *message);
void ngx_consent_export_end(void);

#endif
