/*
 * Readings of the log within a worker; used by the store's own files only.
 */

#ifndef NGX_CONSENT_LOG_AUDIT_H
#define NGX_CONSENT_LOG_AUDIT_H

/* Queues what was gathered, before the queue is closed. */
void ngx_consent_log_audit_stop(void);

#endif
