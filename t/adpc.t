# Advanced Data Protection Control: programs find our consent requests; what they withdraw or object to is gone at once,
# what they consent to is a decision, if it is one that we have asked for as it stands today.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy(sub {
    my ($p) = @_;
    my ($statistics) = grep { $_->{id} eq 'statistics' } @{$p->{categories}};
    my %ads = (%$statistics, id => 'ads', carriers => { args => ['ad'] }, gpc => JSON::PP::true,
        purpose => { %{$statistics->{purpose}}, type => 'dpv:DirectMarketing' });
    push @{$p->{categories}}, \%ads;
});

$t->run(<<'EOT');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOT

my @navigate = ('Sec-Fetch-Mode', 'navigate', 'Sec-Fetch-Dest', 'document');

# What the upstream is told of a request with this ADPC header.
sub told {
    my ($adpc, %o) = @_;

    my @headers = ((map { ('ADPC', $_) } ref $adpc ? @$adpc : $adpc // ()), @{delete $o{headers} // []});
    my $r = $t->get('/', headers => \@headers, %o);
    $o{answer} and ${$o{answer}} = $r;

    return $up->last->header('Consent-Categories');
}

sub decisions {
    return grep { /"type":"decision"/ } split /\n/, $t->run_ctl('log', 'show', $t->path('store'), '--json');
}

# the document

my $page = $t->get('/.privacy/', headers => ['Accept', 'text/html']);
like(join("\n", $page->header('Link')), qr{^</\.privacy/adpc\.json>; rel=consent-requests$}m, 'the choice page links them');

my $r = $t->get('/.privacy/adpc.json', headers => ['Accept-Language', 'en']);
is($r->status, 200, 'the requests');
like($r->header('Content-Type'), qr{^application/json}, 'as JSON');
my @requests = @{$r->json->{consentRequests}};
is_deeply([map { $_->{id} =~ /^(\w+)/ } @requests], [qw(contact identity location statistics ads)],
    'everything that is consent, but nothing special, and nothing on another legal basis');
like($requests[1]{text}, qr/Personal identity number.*fill in forms.*Exempelkommun/, 'each says what, what for and to whom');
is(scalar(grep { /[ ",=]/ } map { $_->{id} } @requests), 0, 'identifiers fit into the header');
like($t->get('/.privacy/adpc.json', headers => ['Accept-Language', 'fi'])->json->{consentRequests}[1]{text} // '',
    qr/Henkil/, 'in her language');

my %id = map { $_->{id} =~ /^(\w+)/ ? ($1 => $_->{id}) : () } @requests;

# withdrawing

my $all = sub { $t->decide(categories => [qw(contact identity location statistics ads)]) };

is(told(undef, cookie => $all->()), 'contact,identity,location,statistics,ads', 'what she has given');
is(told('withdraw=*', cookie => $all->()), '', 'withdraw=*');
is(told("withdraw=\"$id{contact}\"", cookie => $all->()), 'identity,location,statistics,ads', 'one');
is(told("withdraw=\"$id{contact} $id{ads}\"", cookie => $all->()), 'identity,location,statistics', 'two');
is(told(["withdraw=\"$id{contact}\"", "withdraw=\"$id{ads}\""], cookie => $all->()), 'identity,location,statistics', 'in two lines');
is(told('withdraw="contact~00000000"', cookie => $all->()), 'identity,location,statistics,ads', 'of an earlier wording too');
is(told('object=direct-marketing', cookie => $all->()), 'contact,identity,location,statistics', 'objecting to marketing');

for ('', 'x', 'withdraw', 'withdraw=', 'withdraw=""', 'withdraw="nothing"', 'object=other', '=*', ',,,', '"withdraw=*', 'x' x 6000) {
    is(told($_, cookie => $all->()), 'contact,identity,location,statistics,ads', 'no withdrawal: ' . substr $_, 0, 20);
}

my $given = $all->();
my $n = decisions();
told('withdraw=*', cookie => $given) for 1 .. 3;
ok($t->wait_for(sub { decisions() > $n }), 'it is recorded');
select undef, undef, undef, 0.2;
my @now = decisions();
is(scalar @now, $n + 1, 'once');
like($now[-1], qr/"by":"signal".*"categories":\[\].*"method":"adpc"/, 'as what it is');
is(told(undef, cookie => $given), '', 'it holds without the signal too');

# consenting

my $answer;
$n = decisions();
is(told("consent=\"$id{contact}\"", headers => \@navigate, answer => \$answer), 'contact', 'consent is in force for that request');
my $cookie = $answer->cookie('consent');
ok($cookie, 'and she gets a cookie');
@now = decisions();
is(scalar @now, $n + 1, 'it is a decision');
like($now[-1], qr/"by":"signal".*"categories":\["contact"\].*"method":"adpc".*"status":"given"/, 'recorded as what it is');

is(told(undef, cookie => "consent=$cookie"), 'contact', 'it is in force afterwards');
is(told("consent=\"$id{contact}\"", cookie => "consent=$cookie"), 'contact', 'said again');
is(scalar decisions(), $n + 1, 'it is no new decision');
is(told("consent=\"$id{identity} $id{location}\"", cookie => "consent=$cookie"), 'contact,identity,location',
    'more of it, from any request of who is known');
is(told('withdraw=*', cookie => "consent=$cookie"), '', 'until it is withdrawn');

# what is no consent

$n = decisions();

for (['a wording of another day', 'consent="contact~00000000"'], ['a category by its name', 'consent="contact"'],
    ['everything', 'consent=*'], ['what nobody asked for', 'consent="health"'],
    ['the same with a mark', 'consent="health~' . ($id{contact} =~ s/.*~//r) . '"'],
    ['what is no consent', 'consent="case"'], ['another\'s mark', 'consent="identity~' . ($id{contact} =~ s/.*~//r) . '"'],
    ['cut off', 'consent="' . substr($id{contact}, 0, -1) . '"'], ['no end', "consent=\"$id{contact}"],
    ['together with a withdrawal', "consent=\"$id{contact}\", withdraw=\"$id{contact}\""],
    ['a line longer than anyone would', "consent=\"$id{contact}" . " $id{contact}" x 400 . '"'])
{
    my ($what, $adpc) = @$_;
    is(told($adpc, headers => \@navigate, answer => \$answer), '', "$what is no consent");
    is($answer->header('Set-Cookie'), undef, 'and leaves nothing');
}

is(told("consent=\"$id{contact}\"", headers => ['Sec-Fetch-Mode', 'no-cors', 'Sec-Fetch-Dest', 'image'], answer => \$answer), '',
    'an image that is fetched without a cookie decides nothing');
is($answer->header('Set-Cookie'), undef, 'and gets none');
is(scalar decisions(), $n, 'nothing of all this is a decision');

done_testing;
