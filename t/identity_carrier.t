# What says who she is may itself be what she shares: it names her here, and goes on only with her consent.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Canary;

use Digest::SHA qw(hmac_sha256);
use JSON::PP;
use MIME::Base64 qw(encode_base64url);

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy(sub {
    my ($identity) = grep { $_->{id} eq 'identity' } @{$_[0]{categories}};
    push @{$identity->{carriers}{cookies}}, 'eid';
    push @{$identity->{carriers}{headers}}, 'X-Eid', 'Authorization';
});
$t->write('idp.key', 'k' x 40);
chmod 0600, $t->path('idp.key');

$t->run(<<'EOT');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        consent_identity cookie=eid key=%%DIR%%/idp.key alg=HS256;
        add_header X-Subject $consent_subject;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /header/ {
            consent_identity header=X-Eid key=%%DIR%%/idp.key alg=HS256;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }
        location /bearer/ {
            consent_identity header=Authorization key=%%DIR%%/idp.key alg=HS256;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }
        location /.privacy/ { consent_pages; }
    }
EOT

my $c = Consent::Test::Canary->new($t, $up);

# a token whose subject is her personal number, as eID brokers send it
sub token {
    my ($sub) = @_;
    my $text = join '.', map { encode_base64url(JSON::PP->new->canonical->encode($_)) } { alg => 'HS256' },
        { sub => $sub, exp => time + 600 };
    return "$text." . encode_base64url(hmac_sha256($text, 'k' x 40));
}

my $eid = token($c->value('personal number'));
ok($c->found($eid), 'the token has her number in it');

my %way = ('/' => { cookie => "a=1; eid=$eid; b=2" }, '/header/' => { headers => ['X-Eid', $eid] },
    '/bearer/' => { headers => ['Authorization', "Bearer $eid"] });
my $subject;

for my $uri (sort keys %way) {
    my $r = $t->get($uri, %{$way{$uri}});
    is($r->status, 200, "$uri is answered");
    like($r->header('X-Subject'), qr/^[0-9a-f]{32}$/, 'she is known');
    is($r->header('X-Subject'), $subject //= $r->header('X-Subject'), 'the same however she comes');
}

is(($up->requests)[0]->header('Cookie'), 'a=1; b=2', 'other cookies go on');
is_deeply([$c->leaks], [], 'her number goes nowhere: not to the upstream, not into a log, not into the store');

$t->decide(level => 'forms', cookie => "eid=$eid");
is_deeply([$c->leaks], [], 'nor does it when she decides');
$t->get($_, %{$way{$_}}) for sort keys %way;
my @now = ($up->requests)[-3 .. -1];
is($now[0]->header('Cookie'), "a=1; eid=$eid; b=2", 'when she has shared it, it goes on');
is($now[2]->header('X-Eid'), $eid, 'as a header');
is($now[1]->header('Authorization'), "Bearer $eid", 'as authorization');

my $other = token('bertil');
$t->get('/', cookie => "eid=$other");
is($up->last->header('Cookie'), undef, 'another person has not');

done_testing;
