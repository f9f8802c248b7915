# A worker that dies while it delivers a message leaves it to the others, which
# deliver it at once; one that lives keeps what it has, however long it takes.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;
my $seen = $t->path('seen');

# the first attempt at the first message is never answered

my $desk = $t->upstream(sub {
    my ($r) = @_;

    if ($r->body =~ /first\@/ && !-e $seen) {
        open my $f, '>', $seen;
        sleep 3600;
    }

    return { status => 204 };
});

$t->keys;
$t->policy;
$t->allow(qr/exited on signal 9/);

$t->run(<<'EOF', workers => 3);
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;

        location /.privacy/ { consent_pages; consent_handoff_pass /desk; }
        location = /desk { internal; proxy_pass http://127.0.0.1:%%PORT_1%%; proxy_read_timeout 1h; }
    }
EOF

sub ask {
    my ($who) = @_;

    my $r = $t->request('POST', '/.privacy/api/v1/handoffs', headers => ['Content-Type', 'application/json'],
        body => qq({"contact":"$who\@example.org","topic":"complaint"}));
    die $r->raw if $r->status != 202;
}

sub attempts { my ($who) = @_; return grep { $_->body =~ /"contact":"$who\@/ } $desk->requests }

# The worker that has a connection to the desk.
sub holder {
    my $port = sprintf '%04X', $t->port(1);
    my %inode;

    open my $f, '<', '/proc/net/tcp' or die "tcp: $!\n";

    while (<$f>) {
        my (undef, undef, $to, $state, undef, undef, undef, undef, undef, $inode) = split;
        $inode{"socket:[$inode]"} = 1 if $to =~ /:$port$/ && $state eq '01';
    }

    return grep { my $pid = $_; grep { $inode{readlink($_) // ''} } glob "/proc/$pid/fd/*" } $t->workers;
}

ask('first');
ok($t->wait_for(sub { -e $seen }, 60), 'the desk has it, and says nothing');
my @holders = holder();
is(scalar(@holders), 1, 'one worker waits for it');

# the others look through what waits each time they deliver something

for my $i (1 .. 12) {
    ask("other$i");
    ok($t->wait_for(sub { attempts("other$i") }, 60), "message $i passes it by");
}

is(scalar(attempts('first')), 1, 'and who lives is left alone with what it has');

kill 'KILL', @holders;
ok($t->wait_for(sub { attempts('first') == 2 }, 60), 'when it is killed another delivers it');
my ($first, $second) = attempts('first');
is($second->header('Idempotency-Key'), $first->header('Idempotency-Key'), 'under the same key');
is($second->body, $first->body, 'unchanged');

my $log = sub { $t->run_ctl('log', 'show', $t->path('store'), '--type', 'handoff') };
ok($t->wait_for(sub { (() = $log->() =~ /status=delivered/g) == 13 }, 60), 'all are delivered');
is(scalar(attempts('first')), 2, 'and none of it once more');

done_testing();
