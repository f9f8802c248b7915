# Counters as Prometheus text, for nobody but whom the operator lets in.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

my $t = Consent::Test->new;

$t->keys;
$t->policy;

$t->run(<<'EOF', workers => 2);
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location /.privacy/ {
            consent_pages;
        }

        location /need {
            consent on;
            consent_require forms;
        }

        location /open { consent_metrics allow=127.0.0.0/8; }
        location /other { consent_metrics allow=192.0.2.0/24; }
        location /none { consent_metrics; }
        location /if { consent_metrics if=$arg_key; }
        location /both { consent_metrics allow=192.0.2.0/24 if=$arg_key; }
        location /deny { consent_metrics allow=127.0.0.1; deny all; }
    }
EOF

sub value {
    my ($name) = @_;

    my ($n) = $t->get('/open')->body =~ /^\Q$name\E (\d+)$/m;
    return $n;
}

my $r = $t->get('/open');
is($r->status, 200, 'allowed by address');
is($r->header('Content-Type'), 'text/plain; version=0.0.4; charset=utf-8', 'Prometheus text');
is($r->header('Cache-Control'), 'no-store', 'that nobody keeps');

my @lines = split /\n/, $r->body;
ok(!(grep { !/^# TYPE consent_\w+ (counter|gauge)$|^consent_\w+(\{[^}]*\})? \d+$/ } @lines),
    'every line is well-formed') or diag $r->body;
my %seen;
ok(!(grep { /^# TYPE (\w+)/ && $seen{$1}++ } @lines), 'and no name is declared twice');
like($r->body, qr/^consent_info\{module="[\d.]+",policy="exempelkommun",policy_version="2026-11-22"\} 1$/m,
    'what runs here');

is($t->get('/other')->status, 403, 'not from elsewhere');
is($t->get('/none')->status, 403, 'nobody where nobody is named');
is($t->get('/if')->status, 403, 'a condition that does not hold');
is($t->get('/if?key=0')->status, 403, 'nor does 0');
is($t->get('/if?key=1')->status, 200, 'one that does');
is($t->get('/both?key=1')->status, 403, 'where both are asked for, both');
is($t->get('/deny')->status, 403, 'nginx\'s own rules apply on top');
is($t->request('POST', '/open', body => 'x')->status, 405, 'there is nothing to post');
is($t->request('HEAD', '/open')->body, '', 'HEAD');

my $c = Consent::Test::Citizen->new($t);
is(value('consent_decisions_total'), 0, 'nothing decided');
$c->choose(level => 'contact', scope => 'session', ai => 'any');
$c->choose(level => 'forms', scope => 'session', ai => 'any');
is(value('consent_decisions_total'), 2, 'two decisions, by whichever worker');
is(value('consent_store_states'), 1, 'of one citizen');
is(value('consent_store_up'), 1, 'in a store that is there');
ok(value('consent_store_entries') >= 4, 'with their entries');

my $other = Consent::Test::Citizen->new($t);
$other->get('/need') for 1 .. 3;
is(value('consent_required_total'), 3, 'what was required');

$t->reload(undef, drain => 1);
is(value('consent_decisions_total'), 2, 'a reload forgets nothing');

is_deeply([$t->stop], [], 'stopped');
$t->start;
is(value('consent_decisions_total'), 0, 'a start begins anew');
is(value('consent_store_states'), 1, 'with the store as it was');

done_testing();
