# Entries that nobody waits for pile up before a store that takes none, to a
# bound; what is beyond it is counted, and the log says how many are missing.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;
use Consent::Test::Lock;

my $t = Consent::Test->new;

$t->keys;
$t->policy;
$t->write('html/answer.html', '<!doctype html><html><head></head><body>answer</body></html>');

my $lock = Consent::Test::Lock->new($t);

$t->run(<<'EOF');
    %%CONSENT%%

    types {
        text/html html;
    }

    server {
        listen 127.0.0.1:%%PORT_0%%;
        keepalive_requests 100000;

        location / {
            consent on;
            consent_ai on;
        }

        location /.privacy/ {
            consent_pages;
        }

        location /metrics {
            consent_metrics allow=127.0.0.1;
        }
    }
EOF

sub entries {
    my ($type) = @_;
    my ($status, $said) = $t->run_ctl('log', 'show', $t->path('store'), '--type', $type, '--json');
    return map { JSON::PP::decode_json($_)->{entry} } split /\n/, $said;
}

my $c = Consent::Test::Citizen->new($t);
$c->choose(level => 'needed', scope => 'session', ai => 'any');
my $k = $t->connect;
is($k->request('GET', '/answer.html')->status, 200, 'an answer');
ok($t->wait_for(sub { entries('disclosure') == 1 }), 'has its entry');

$lock->hold;

my $sent = 2200;
my @odd = grep { $k->request('GET', '/answer.html')->status != 200 } 1 .. $sent;
is(scalar @odd, 0, 'answers go on while the store takes nothing');

my ($missed) = $t->get('/metrics')->body =~ /^consent_missed_total (\d+)$/m;
cmp_ok($missed, '>', 0, 'more than can wait are counted');
cmp_ok($missed, '<', $sent, 'those that can wait do');

my $waits = Consent::Test::Citizen->new($t);
my %form = $waits->form($waits->get('/.privacy/'));
my $late = $t->connect;
my $body = join '&', (map { "$_=$form{$_}" } sort keys %form), 'level=contact&scope=session&ai=any';
$late->send("POST /.privacy/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    . 'Content-Length: ' . length($body) . "\r\n\r\n$body");
$t->settle;

$lock->release;

is($late->response('POST')->status, 303, 'they leave room for a decision');
ok($t->wait_for(sub { entries('missed') == 1 }), 'the log says that some are missing');
is((entries('missed'))[0]{count}, $missed, 'and how many');
is(scalar(entries('disclosure')), 1 + $sent - $missed, 'no other is');

done_testing();
