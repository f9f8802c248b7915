# The choice page: whole without script, login or cookie; the most private level
# is the one that is chosen, nothing is ticked, and nobody else can frame or
# keep it.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

my $t = Consent::Test->new;

$t->keys;
my $policy = $t->policy;

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
my $r = $c->get('/.privacy/');

is($r->status, 200, 'a page');
is($r->header('Content-Type'), 'text/html; charset=utf-8', 'of HTML');
is($r->header('Set-Cookie'), undef, 'no cookie is set before a decision');
is($r->header('Cache-Control'), 'no-store', 'nobody keeps it');
is($r->header('Content-Security-Policy'), "default-src 'none'; "
    . "style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    . "frame-ancestors 'none'", 'nothing runs in it and nobody frames it');
is($r->header('X-Content-Type-Options'), 'nosniff', 'it is what it says');
is($r->header('Referrer-Policy'), 'same-origin', 'its address stays here');
is($r->header('Cross-Origin-Opener-Policy'), 'same-origin', 'COOP');
is($r->header('Cross-Origin-Resource-Policy'), 'same-origin', 'CORP');
is($r->header('Link'), '</.privacy/adpc.json>; rel=consent-requests',
    'programs find the same choices');
unlike($r->body, qr/<script|\sstyle=|\son\w+=/, 'no script, no inline style');

my @levels = $r->body =~ /<input type="radio" name="level"[^>]*value="(\w+)"/g;
is_deeply(\@levels, [(map { $_->{id} } @{$policy->{levels}}), 'custom'],
    'all levels and an own choice');

my ($checked) = $r->body =~ /<input type="radio" name="level"([^>]*checked[^>]*)>/;
like($checked, qr/value="$policy->{levels}[0]{id}"/,
    'the most private level is chosen');

my @categories = $r->body =~ /<input type="checkbox" name="category"([^>]*)>/g;
is(scalar @categories, scalar(grep { $_->{legal_basis} eq 'consent' }
    @{$policy->{categories}}), 'every category that is a choice can be ticked');
ok(!(grep { /checked/ } @categories), 'and none is ticked');

my %form = $c->form($r);
is($form{policy_version}, $policy->{version}, 'the form names its policy');
is(length $form{token}, 54, 'and carries a token');

my $head = $c->request('HEAD', '/.privacy/');
is($head->status, 200, 'HEAD');
is($head->body, '', 'has no body');
ok($head->header('Content-Length') > 1000, 'but its length');

is($c->get('/.privacy')->status, 301, 'without its slash it is found too');

my $missing = $c->get('/.privacy/none');
is($missing->status, 404, 'what is not there');
like($missing->body, qr/tel:/, 'is a page with a way to a person');

my $method = $c->request('PUT', '/.privacy/', body => 'x');
is($method->status, 405, 'a method that is none');
is($method->header('Allow'), 'GET, HEAD, POST', 'tells which are');
is($c->post('/.privacy/human', [])->status, 405, 'a page takes no form');

for my $page (qw(human policy ai record)) {
    my $r = $c->get("/.privacy/$page");
    is($r->status, 200, "$page is a page");
    like($r->body, qr/tel:/, 'with a way to a person');
    is($r->header('Cache-Control'), 'no-store', 'that nobody keeps');
}

my $json = $c->json('GET', '/.privacy/policy');
is($json->header('Content-Type'), 'application/json', 'the policy as JSON');
is($json->json->{id}, $policy->{id}, 'is the document');

is($c->json('GET', '/.privacy/ai')->status, 200, 'AI as JSON');
is($c->get('/.privacy/adpc.json')->header('Content-Type'), 'application/json',
    'consent requests');

my ($css) = $r->body =~ m{href="(/\.privacy/assets/consent\.css[^"]*)"};
$r = $c->get($css);
is($r->status, 200, 'its stylesheet');
like($r->header('Content-Type'), qr{^text/css}, 'is one');
is($r->header('Cache-Control'), 'public, max-age=31536000',
    'and never changes under that name');
is($c->get('/.privacy/assets/in-page.css')->status, 200,
    'the stylesheet for other pages');
is($c->get('/.privacy/assets/../../../../../etc/passwd')->status, 400,
    'nothing beyond the assets');
is($c->get('/.privacy/assets/%2e%2e%2fsecret')->status, 404, 'in no spelling');

done_testing();
