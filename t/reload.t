# Reload, reopened logs, a new binary and quit, under load: every request is
# answered, every decision that was acknowledged is kept, no worker is left over
# and nothing is logged that should not be.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

use Time::HiRes qw(sleep time);

my $t = Consent::Test->new;

$t->keys;
my $policy = $t->policy;
$t->upstream({ body => '<!doctype html><html><body><p>hello' . 'x' x 2000,
    headers => ['Content-Type', 'text/html'] });

$t->run(<<'EOF', workers => 2);
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location / {
            consent on;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /ai {
            consent on;
            consent_ai on;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /.privacy/ {
            consent_pages;
        }
    }
EOF

# Each client decides, and looks whether what it was told is so, until told to
# end; what went wrong stands in its file, and what it was last told.

sub client {
    my ($n) = @_;

    my $c = Consent::Test::Citizen->new($t);
    my ($requests, $broken, @wrong, $last) = (0, 0);

    until (-e $t->path('end')) {
        for my $level ('forms', 'needed', 'contact') {
            my $faults = @wrong;
            my @answers = eval {
                my $r = $c->request('PUT', '/.privacy/api/v1/state',
                    json => { policy_version => $policy->{version}, level => $level, scope => 'standing' });
                my $page = $c->get($n % 2 ? '/' : '/ai');
                my $record = $c->get('/.privacy/record');

                push @wrong, "decision: $r" if ($r->status // 0) != 200;
                push @wrong, "page: $page" if ($page->status // 0) != 200 || $page->body !~ /x{2000}/;
                push @wrong, "record: $record" if ($record->status // 0) != 200;
                my $told = ($r->status // 0) == 200;
                $last = $level if $told;
                push @wrong, 'state: ' . $c->state->{level} . " is not $level"
                    if $told && $c->state->{level} ne $level;
                1;
            };
            push @wrong, "died: $@" if !@answers;
            $requests += 4;

            # a connection of the killed worker breaks; that is no fault
            if (@wrong > $faults && -e $t->path('killed') && !$broken++) {
                splice @wrong, $faults;
            }
        }
    }

    $t->write("client.$n", join("\n", $requests, $last, $c->cookie, @wrong) . "\n");
}

$t->daemon(\&client, $_) for 1 .. 4;
sleep 0.5;

for (1 .. 3) {
    ok($t->reload(undef, drain => 1), 'reload');
}

ok($t->reopen, 'logs are reopened');
ok($t->upgrade, 'a new binary');
sleep 0.3;
ok($t->reload(undef, drain => 1), 'reload of the new one');

my ($worker) = $t->workers;
$t->write('killed', '');
kill 'KILL', $worker;
$t->allow(qr/exited on signal 9/);
ok($t->wait_for(sub { !kill 0, $worker }), 'a worker is killed');
sleep 0.5;

$t->write('end', '');
$t->wait_for(sub { 4 == grep { -e $t->path("client.$_") } 1 .. 4 }, 30);

for my $n (1 .. 4) {
    my ($requests, $last, $cookie, @wrong) = split /\n/, $t->read("client.$n");

    ok(!@wrong, "client $n: every answer is right") or diag join "\n", @wrong;
    cmp_ok($requests, '>', 20, 'of many');
    is($t->get('/.privacy/api/v1/state', cookie => "consent=$cookie")->json->{level}, $last,
        'and what was acknowledged last is in force');
}

my $from = time;
$t->quit;
cmp_ok(time - $from, '<', 5, 'quit');
ok(!$t->workers, 'nobody is left');

done_testing();
