# My record: what is in force, what was, each with its receipt; one's own alone,
# and on a shared device only while the visit lasts.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

my $t = Consent::Test->new;

$t->keys;
$t->policy(sub { $_[0]{consent}{visit_for} = 'PT6S' });

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

is($c->get('/.privacy/record')->status, 200, 'who has not decided has a record too');
unlike($c->get('/.privacy/record')->body, qr{receipt/}, 'an empty one');

$c->choose(level => 'contact', scope => 'standing', ai => 'any');
$c->choose(level => 'forms', scope => 'standing', ai => 'any');

my $r = $c->get('/.privacy/record');
my @receipts = $r->body =~ m{href="/\.privacy/receipt/([0-9a-f]{32})"}g;
is(scalar @receipts, 2, 'two decisions, two receipts');
like($r->text, qr{Ifyllda blanketter.*Vi kan höra av oss}s, 'the newest first');

for my $id (@receipts) {
    my $r = $c->get("/.privacy/receipt/$id");
    is($r->status, 200, 'a receipt');
    like($r->header('Content-Type'), qr{text/html}, 'as a page');
    is($c->json('GET', "/.privacy/receipt/$id")->json->{receipt}, $id, 'and as JSON');
}

is($c->get("/.privacy/receipt/" . uc $receipts[0])->status, 200, 'in either case of letters');
is($c->get("/.privacy/receipt/$receipts[0]0")->status, 404, 'a longer one is none');
is($c->get("/.privacy/receipt/")->status, 404, 'nor is an empty one');

my $other = Consent::Test::Citizen->new($t);
is($other->get("/.privacy/receipt/$receipts[0]")->status, 404, 'nobody else\'s');
$other->choose(level => 'contact', scope => 'standing', ai => 'any');
is($other->get("/.privacy/receipt/$receipts[0]")->status, 404, 'whoever she is');
unlike($other->get('/.privacy/record')->body, qr{$receipts[0]}, 'nor in her record');

ok($t->wait_for(sub { $c->get('/.privacy/record')->body !~ m{receipt/} }, 20), 'a visit ends');

is($c->state->{level}, 'forms', 'after the visit the choice is still in force');
unlike($c->get('/.privacy/record')->body, qr{receipt/}, 'but the past is not shown');
is($c->get("/.privacy/receipt/$receipts[0]")->status, 404, 'nor a receipt');
is_deeply($c->json('GET', '/.privacy/api/v1/history')->json->{decisions}, [], 'nor history');

$c->choose(level => 'needed', scope => 'standing', ai => 'any');
is(scalar(() = $c->get('/.privacy/record')->body =~ m{receipt/[0-9a-f]{32}"}g), 3,
    'until she decides again');

# many decisions

$c->choose(level => $_ % 2 ? 'needed' : 'contact', scope => 'standing', ai => 'any') for 1 .. 60;
$r = $c->get('/.privacy/record');
is(scalar(() = $r->body =~ m{receipt/[0-9a-f]{32}"}g), 50, 'the page shows the newest');
is(scalar @{$c->json('GET', '/.privacy/api/v1/history')->json->{decisions}}, 63, 'the export all');

done_testing();
