# A request to be contacted that nobody takes is given up after its time: what she wrote is deleted, the log and her page say
# so, also where no location takes requests any more.

use lib 't/lib';
use Consent::Test;

if ($ENV{ASAN_OPTIONS}) {
    Test::More::plan(skip_all => 'what is preloaded comes too late for a sanitizer');
}

my $t = Consent::Test->new;
$t->keys;
$t->policy;

my $shim = $t->path('clock_shim.so');
my ($status, $said) = $t->command($ENV{CC} // 'cc', '-std=c11', '-D_GNU_SOURCE', '-fPIC', '-shared', '-o', $shim,
    'tests/preload/clock_shim.c');
is($status, 0, 'a clock can be set') or diag $said;

$ENV{CONSENT_CLOCK_FILE} = $t->path('clock');
$t->write('clock', '0');

my $server = <<'EOT';
    %%CONSENT%%
    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        location /.privacy/ { consent_pages; HANDOFF }
        location = /desk { internal; return 503; }
    }
EOT

my $with = $server =~ s/HANDOFF/consent_handoff_pass \/desk;/r;
my $without = $server =~ s/HANDOFF//r;

{
    local $ENV{LD_PRELOAD} = $shim;
    $t->run($with, main => 'env CONSENT_CLOCK_FILE;');
}

my $ask = sub {
    my $r = $t->request('POST', '/.privacy/api/v1/handoffs', headers => ['Content-Type', 'application/json'],
        body => '{"contact":"kim@example.org","topic":"legal"}');
    is($r->status, 202, 'a request is taken');
    return $r->json->{id};
};

my $state = sub { return $t->get("/.privacy/api/v1/handoffs/$_[0]")->json->{status} };
my $waiting = sub { return $t->run_ctl('store', 'stat', $t->path('store')) =~ /messages waiting +(\d+)/ ? $1 : -1 };

my $id = $ask->();
ok($t->wait_for_log(qr/a message was not taken, the answer was 503; attempt 1/), 'nobody takes it');
is($waiting->(), 1, 'it waits');

$t->write('clock', 13 * 86400);
ok($t->wait_for_log(qr/a message was not taken.*attempt 2/s), 'for thirteen days');
is($state->($id), 'requested', 'and longer');

$t->write('clock', 14 * 86400 + 3600);
ok($t->wait_for(sub { $waiting->() == 0 }, 60), 'after fourteen it waits no more');
ok($t->wait_for_log(qr/could not be handed over in \d+ attempts; it is given up/), 'which nginx says');
is($state->($id), 'expired', 'and she can see');

# where no location takes requests any more, what was written does not stay for that

$id = $ask->();
ok($t->wait_for(sub { $waiting->() == 1 }), 'another one waits');
$t->quit;
$t->write('clock', 30 * 86400);
$t->write_conf($t->around($without, main => 'env CONSENT_CLOCK_FILE;'));

{
    local $ENV{LD_PRELOAD} = $shim;
    $t->start;
}

ok($t->wait_for(sub { $waiting->() == 0 }, 30), 'no longer than the first, without anybody to take it');
is($state->($id), 'expired', 'which she can see');

done_testing;
