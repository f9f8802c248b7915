# A disk that is slow, that fails, that is full: the portal is served all the
# while; who decides is told that nothing was saved, or it is saved; nothing
# acknowledged is lost, and all goes on by itself when the disk does.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Promises;
use Time::HiRes qw(sleep);

if ($ENV{ASAN_OPTIONS}) {
    Test::More::plan(skip_all => 'what is preloaded comes too late for a sanitizer');
}

my $t = Consent::Test->new;
my $keys = $t->keys;
my $policy = $t->policy;
$t->upstream({ body => 'hello' });

my $shim = $t->path('sync_shim.so');
my ($status, $said) = $t->command($ENV{CC} // 'cc', '-std=c11', '-D_GNU_SOURCE', '-fPIC', '-shared', '-o', $shim,
    'tests/preload/sync_shim.c');
is($status, 0, 'a disk can be made slow, faulty and full') or diag $said;

my $switch = $t->path('fails');
my $conf = <<'EOF';
    %%CONSENT%%
    consent_log_interval 50ms;

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location / {
            consent on;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /.privacy/ { consent_pages; }
    }
EOF

my $p = Consent::Test::Promises->new($t, version => $policy->{version}, clients => 6, pause => 0.002);

# nginx with such a disk, and citizens who decide before, while and after it fails
sub with_disk {
    my ($what, $fail, $errno, $says) = @_;

    my $from = length $t->error_log;

    {
        local $ENV{LD_PRELOAD} = $shim;
        local $ENV{CONSENT_SYNC_DELAY_US} = 5000;
        local $ENV{CONSENT_SYNC_FAIL} = $fail;
        local $ENV{CONSENT_SYNC_ERRNO} = $errno;
        local $ENV{CONSENT_SYNC_SWITCH} = $switch;
        $t->run($conf, workers => 2);
    }

    my $before = $p->acknowledged;
    my $refused = $p->refused->{503} // 0;

    $p->start;
    ok($t->wait_for(sub { $p->acknowledged >= $before + 30 }, 60), "$what: decisions are taken from a slow disk");

    $t->write('fails', '');
    ok($t->wait_for(sub { ($p->refused->{503} // 0) >= $refused + 20 }, 60), 'those who cannot be saved are told so');
    is($t->get('/')->body, 'hello', 'the portal is served');
    is($t->get('/.privacy/')->status, 200, 'and the page of choices');
    ok($t->wait_for(sub { substr($t->error_log, $from) =~ $says }), 'the reason is in the log')
        or diag substr $t->error_log, $from;

    my $stuck = $p->acknowledged;
    unlink $switch;
    ok($t->wait_for(sub { $p->acknowledged >= $stuck + 30 }, 60), 'and all goes on when the disk does');
    ok($t->wait_for(sub { substr($t->error_log, $from) =~ /the store takes decisions again/ }), 'which is said too');

    $p->stop;
    $t->quit;

    # another start, with a disk that is well: what is there is what was promised
    $t->run($conf, workers => 2);
    my @faults = $p->faults;
    is_deeply(\@faults, [], 'nothing that was acknowledged is lost');
    $t->quit;

    ($status, $said) = $t->run_ctl('log', 'verify', $t->path('store'), '--key', "$keys/log.pub");
    is($status, 0, 'the log verifies') or diag $said;
}

with_disk('a sync that fails', 'fdatasync', 5, qr/\[error\].*consent: .*Input\/output error.*decisions cannot be saved/);
with_disk('a commit whose last page fails', 'meta', 5, qr/\[error\].*consent: .*Input\/output error.*decisions cannot be saved/);
with_disk('a full disk', 'write', 28, qr/\[error\].*consent: .*No space left.*decisions cannot be saved/);

done_testing();
