# Advanced Data Protection Control: a browser withdraws, objects, and consents to the
# requests that we have published; withdrawing needs no page, consenting is durable
# before it is in force.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $up = $t->upstream({ body => 'seen' });

$t->keys;
$t->policy(sub {
    my ($policy) = @_;

    my ($statistics) = grep { $_->{id} eq 'statistics' } @{$policy->{categories}};
    $statistics->{purpose}{type} = 'dpv:DirectMarketing';
});

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /forms/ { consent_require forms; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOF

sub seen {
    my ($cookie, $adpc, %o) = @_;

    my @adpc = map { ('ADPC', $_) } ref $adpc ? @$adpc : $adpc;
    my $r = $t->get($o{path} // '/', cookie => $cookie, headers => [@adpc, @{$o{headers} // []}]);

    return $o{response} ? $r : $up->last->header('Consent-Categories') // '';
}

# what we ask for

my $r = $t->get('/.privacy/adpc.json', headers => ['Accept-Language', 'en']);
is($r->status, 200, 'there is a document');
like($r->header('Content-Type'), qr{^application/json}, 'in JSON');
my %id = map { $_->{id} =~ /^(.*)~/ ? ($1, $_->{id}) : () } @{$r->json->{consentRequests}};
is_deeply([sort keys %id], ['contact', 'identity', 'location', 'statistics'], 'with what is a choice, and not special');
like($r->json->{consentRequests}[1]{text}, qr/^Personal identity number: So that we can fill in forms/, 'in words');

# withdrawing

my $all = $t->decide(categories => ['contact', 'identity', 'location', 'statistics']);

is(seen($all, 'withdraw=identity'), 'contact,location,statistics', 'one goes');
$all = $t->decide(categories => ['contact', 'identity', 'location', 'statistics']);
is(seen($all, "withdraw=\"$id{contact} location\""), 'identity,statistics', 'several');
$all = $t->decide(categories => ['contact', 'identity', 'location', 'statistics']);
is(seen($all, 'object=direct-marketing'), 'contact,identity,location', 'an objection takes marketing');
$all = $t->decide(categories => ['contact', 'identity', 'location', 'statistics']);
is(seen($all, 'withdraw=*'), '', 'all go');
$t->wait_for(sub { seen($all, '') eq '' });
is(seen($all, ''), '', 'and stay away');

$all = $t->decide(categories => ['contact', 'identity', 'location', 'statistics']);
is(seen($all, "withdraw=*, consent=\"$id{identity}\""), 'identity', 'the more specific word prevails');
$all = $t->decide(categories => ['contact', 'identity']);
is(seen($all, ['withdraw=identity', "consent=$id{identity}"]), 'contact', 'a contradiction is no consent');

# consenting, with a device that has decided before

my $little = $t->decide(level => 'contact');

is(seen($little, 'consent=identity'), 'contact', 'a name that was not published grants nothing');
is(seen($little, 'consent="identity~00000000 *"'), 'contact', 'nor does one of another wording');
is(seen($little, 'consent=health'), 'contact', 'nor a special category');

is(seen($little, "consent=\"$id{identity}\"", path => '/?pnr=1'), 'contact,identity', 'a published one grants');
is($up->last->uri, '/?pnr=1', 'at once');
is(seen($little, '', path => '/?pnr=1'), 'contact,identity', 'and lasts');

my @history = map { "$_->{status} $_->{method}" }
    @{$t->get('/.privacy/api/v1/history', cookie => $little)->json->{decisions}};
is_deeply(\@history, ['given adpc', 'given api'], 'it is a decision of its own');
is(seen($little, "consent=\"$id{identity}\""), 'contact,identity', 'said again');
is(scalar @{$t->get('/.privacy/api/v1/history', cookie => $little)->json->{decisions}}, 2, 'it is not taken again');

is(seen($t->decide(level => 'needed'), "consent=\"$id{contact} $id{identity}\"", path => '/forms/', response => 1)->status,
    200, 'what needs it opens');

# a device that has not decided: where a person goes to a page, not with what it loads

is(seen('', "consent=$id{contact}"), '', 'nothing for what a page loads');

$r = seen('', "consent=$id{contact}", headers => ['Sec-Fetch-Mode', 'navigate'], response => 1);
is($up->last->header('Consent-Categories'), 'contact', 'a page is shown with it');
my $new = $r->cookie('consent');
like($new, qr/^\S{40,}$/, 'and the device gets its cookie');
is($r->header('Cache-Control'), 'no-store', 'which no cache may hand to others');
is(seen("consent=$new", ''), 'contact', 'by which it is known');

done_testing();
