# A legal hold: the citizen's erasure is refused with an explanation, by form
# and by API, and nothing changes; once it is released, she can erase.

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
        location /.privacy/ { consent_pages; }
    }
EOF

my $c = Consent::Test::Citizen->new($t);
$c->choose(level => 'forms', scope => 'standing', ai => 'any');
my $subject = $c->json('GET', '/.privacy/api/v1/record')->json->{subject};

my ($status, $said) = $t->run_ctl('hold', $t->path('store'), $subject);
is($status, 0, 'a hold is placed') or diag($said);

my %form = $c->form($c->get('/.privacy/erase'), '/.privacy/erase');
my $r = $c->post('/.privacy/erase', \%form);
is($r->status, 403, 'she cannot erase');
like($r->text, qr/Vi får inte radera det här just nu\. Enligt lag måste vi spara det/, 'and is told why');
like($r->text, qr/Få kontakt med en människa/, 'and whom to ask');
like($r->text, qr/<title>Fel – /, 'as an error');
ok(defined $c->cookie, 'her cookie stays');

$r = $c->json('DELETE', '/.privacy/api/v1/record');
is($r->status, 403, 'nor through the API');
is($r->json->{type}, '/.privacy/problems/held', 'which says why');

is($c->state->{level}, 'forms', 'nothing has changed');
is($c->json('DELETE', '/.privacy/api/v1/state')->status, 200, 'to stop sharing is another thing');

# a store that is restored has the hold, and all that is held

my $entries = sub {
    return scalar grep { /"type":"decision"/ }
        split /\n/, ($t->run_ctl('log', 'show', $t->path('store'), '--subject', $subject, '--json'))[1];
};
is($entries->(), 2, 'what she decided can be shown');
is(($t->run_ctl('store', 'backup', $t->path('store'), $t->path('backup')))[0], 0, 'a backup');
$t->quit;
rename $t->path('store'), $t->path('lost') or die;
($status, $said) = $t->run_ctl('store', 'restore', $t->path('backup'), $t->path('store'), '--keys', $t->path('keys'));
is($status, 0, 'and a restored store') or diag($said);
$t->start;
is($entries->(), 2, 'with what she decided');
is($c->json('DELETE', '/.privacy/api/v1/record')->status, 403, 'which she still cannot erase');

($status, $said) = $t->run_ctl('hold', $t->path('store'), $subject, '--release');
is($status, 0, 'it is released') or diag($said);
is($c->json('DELETE', '/.privacy/api/v1/record')->status, 200, 'and she can erase');
is($c->state->{status}, 'none', 'everything');

done_testing();
