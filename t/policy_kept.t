# A request keeps the policy it began with: a form whose first half came before a
# reload is judged by the policy it was made under.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

my $t = Consent::Test->new;

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location /.privacy/ {
            consent_pages;
        }
    }
EOF

my $c = Consent::Test::Citizen->new($t);
my %form = $c->form($c->get('/.privacy/'));
my $body = join '&', (map { "$_=$form{$_}" } sort keys %form), 'level=forms&scope=session&ai=any';

my $k = $t->connect;
$k->send("POST /.privacy/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    . 'Content-Length: ' . length($body) . "\r\n\r\n" . substr($body, 0, 20));
$t->settle;

my ($old) = $t->workers;
$t->policy(sub { $_[0]{version} = 'later' });
$t->reload;

ok($t->wait_for(sub { $c->state->{policy_version} eq 'later' }), 'a new policy is in force');
ok(kill(0, $old), 'the old worker waits for its request');

$k->send(substr $body, 20);
my $r = $k->response('POST');
is($r->status, 303, 'which is taken');

$c->{jar}{consent} = $r->cookie('consent');
my ($d) = @{$c->json('GET', '/.privacy/api/v1/history')->json->{decisions}};
is($d->{policy_version}, $form{policy_version}, 'under the policy it was made under');
is($c->state->{level}, 'forms', 'and is in force under the new one');
ok($t->wait_for(sub { !kill 0, $old }), 'then the old worker leaves');

done_testing();
