# Who is under age can share less by herself, never more, by any way there is;
# a guardian can choose more. What is no clear "no" counts as under age.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Login;

use JSON::PP;

my $t = Consent::Test->new;

my $up = $t->upstream({ body => 'seen' });

$t->keys;
$t->policy;
my $login = Consent::Test::Login->new($t);

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        consent_identity cookie=idp key=%%DIR%%/idp.key alg=HS256 issuer=idp acting_claim=acting minor_claim=minor;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOF

my $version = $login->citizen(sub => 'x')->state->{policy_version};
my $put = sub {
    my ($c, %wish) = @_;
    return $c->json('PUT', '/.privacy/api/v1/state', headers => ['Content-Type', 'application/json'],
        body => encode_json({ policy_version => $version, %wish }));
};

my $child = $login->citizen(sub => 'kim', minor => JSON::PP::true);
my $parent = $login->citizen(sub => 'kim', minor => JSON::PP::true, acting => 'guardian');
my $agent = $login->citizen(sub => 'kim', minor => JSON::PP::true, acting => 'representative');

like($child->get('/.privacy/?lang=sv')->text, qr/Du är under 18 år\. Du kan alltid dela mindre/, 'she is told what she can do');
unlike($login->citizen(sub => 'x')->get('/.privacy/?lang=sv')->text, qr/under 18/, 'and nobody else');
unlike($parent->get('/.privacy/?lang=sv')->text, qr/Du är under 18/, 'a guardian is told otherwise');

# never more

my $r = $child->choose(level => 'contact', scope => 'standing', ai => 'any');
is($r->status, 403, 'she cannot choose more');
like($r->text, qr/Inget har ändrats\. Om du vill dela mer behöver din vårdnadshavare välja det/, 'and is told why');
is($child->state->{status}, 'none', 'nothing is saved');

$r = $put->($child, level => 'contact');
is($r->status, 403, 'nor through the API');
is($r->json->{type}, '/.privacy/problems/minor', 'which says why');
is($put->($child, categories => ['statistics'])->status, 403, 'not a single category');
is($put->($agent, level => 'contact')->status, 403, 'a representative is no guardian');

$child->get('/', headers => ['ADPC', 'consent=contact', 'Sec-Fetch-Mode', 'navigate']);
is($child->state->{status}, 'none', 'no signal of her browser does');

# not once either

$r = $login->form($child, '/ansok', namn => 'Kim', pnr => '198112289874');
is($r->status, 403, 'a form with her number is asked about');
unlike($r->body, qr/value="once"/, 'but not whether it may be sent this time');
like($r->body, qr/value="without"/, 'only without it');

my $once = $login->answer($child, $r, 'once');
is($once->status, 403, 'who asks for it all the same');
like($once->text, qr/Inget har ändrats\. Om du vill dela mer/, 'is told why not');
is_deeply([grep { $_->body =~ /9874/ } $up->requests], [], 'nothing was passed on');
is($login->answer($child, $r, 'without')->status, 200, 'without it, it goes through');
like(($up->requests)[-1]->body, qr/namn=Kim/, 'with the rest');

# less, and no longer

is($put->($parent, level => 'forms', scope => 'standing')->status, 200, 'her guardian chooses more');
is($child->state->{level}, 'forms', 'which is in force for her');
my $until = $child->state->{expires_at};

is($put->($child, categories => ['contact', 'identity', 'location'])->status, 403, 'she cannot add to it');
is($put->($child, categories => ['identity'], scope => 'standing')->status, 200, 'she can take from it');
ok($child->state->{expires_at} le $until, 'but not make it last longer');
is($put->($child, level => 'contact')->status, 403, 'and what she took away does not come back by her');
is($child->json('DELETE', '/.privacy/api/v1/state')->status, 200, 'she can stop sharing');
is($put->($child, categories => ['identity'])->status, 403, 'for good');
is($put->($child, level => 'needed')->status, 200, 'and refuse');

is_deeply([map { $_->{by} } @{$child->json('GET', '/.privacy/api/v1/history')->json->{decisions}}],
    ['self', 'self', 'self', 'guardian'], 'each by whom it was');

# her guardian decides while she does: what she was about to send counts beside that

my $between = sub {
    my ($ai, $by_guardian, %wish) = @_;
    is($put->($parent, level => 'forms', scope => 'standing', ai => $ai)->status, 200, 'her guardian has chosen');

    my $client = $t->connect;
    my $body = encode_json({ policy_version => $version, scope => 'standing', %wish });
    $client->send("PUT /.privacy/api/v1/state HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: idp=$child->{jar}{idp}\r\n"
        . "Expect: 100-continue\r\nContent-Type: application/json\r\nContent-Length: " . length($body) . "\r\n\r\n");
    is($client->response('PUT', interim => 1)->status, 100, 'she has begun');
    $by_guardian->();
    $client->send($body);
    return $client->response('PUT');
};

$r = $between->('any', sub { $put->($parent, categories => ['contact'], scope => 'standing') },
    categories => ['contact', 'identity']);
is($r->status, 403, 'what her guardian has taken away meanwhile does not come back');
is($r->json->{type}, '/.privacy/problems/minor', 'and she is told why');
is_deeply($child->state->{categories}, ['contact'], 'her guardian\'s word is in force');

$r = $between->('any', sub { $put->($parent, level => 'forms', ai => 'none') }, categories => ['identity'], ai => 'any');
is($r->status, 200, 'what is still less goes through');
is($r->json->{ai}, 'none', 'and no AI comes back that was taken away');
ok($r->json->{expires_at} le $until, 'nor a longer time');

$r = $between->('own', sub { }, categories => ['identity'], ai => 'any');
is($r->json->{ai}, 'own', 'nor without anything in between');

# who is under age

for ([undef, 0], [JSON::PP::false, 0], ['', 0], ['no', 0], ['false', 0], [0, 0], ['0', 0], [JSON::PP::null, 0],
    [JSON::PP::true, 1], ['true', 1], ['yes', 1], [1, 1], ['?', 1], [[], 1], [{}, 1], [17, 1])
{
    my ($minor, $is) = @$_;
    my $c = $login->citizen(sub => 'another', defined $minor ? (minor => $minor) : ());
    is($put->($c, level => 'contact')->status, $is ? 403 : 200,
        JSON::PP->new->allow_nonref->encode($minor) . ($is ? ' is under age' : ' is not'));
    $c->json('DELETE', '/.privacy/api/v1/state');
}

done_testing();
