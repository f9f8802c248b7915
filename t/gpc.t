# Global Privacy Control lowers at once, is passed on, and is written down once; what
# she decided while it was there is her later word.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $up = $t->upstream({ body => 'seen' });

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /report/ { consent report; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOF

my @gpc = ('Sec-GPC', 1);

sub categories {
    my ($cookie, @headers) = @_;

    $t->get('/', cookie => $cookie, headers => [@headers]);
    return $up->last->header('Consent-Categories') // '';
}

sub history {
    my ($cookie) = @_;

    return map { "$_->{status} $_->{method}" }
        @{$t->get('/.privacy/api/v1/history', cookie => $cookie)->json->{decisions}};
}

my $cookie = $t->decide(level => 'fitted');
is(categories($cookie), 'location,statistics', 'she has granted two');

$t->get('/report/', cookie => $cookie, headers => [@gpc]);
select undef, undef, undef, 0.2;
is(categories($cookie), 'location,statistics', 'under report a signal writes nothing');

is(categories($cookie, @gpc), 'location', 'the signal takes the one that the policy marks');
is($up->last->header('Sec-GPC'), '1', 'and is passed on');

$t->wait_for(sub { categories($cookie) eq 'location' });
is(categories($cookie), 'location', 'it stays so when the signal is gone');

categories($cookie, @gpc) for 1 .. 5;
select undef, undef, undef, 0.2;
is_deeply([history($cookie)], ['lowered gpc', 'given api'], 'it is written once');

for my $other ('0', '', '2', 'true', '1;x') {
    my $c = $t->decide(level => 'fitted');
    is(categories($c, 'Sec-GPC', $other), 'location,statistics', "\"$other\" is no signal");
}

my $twice = $t->decide(level => 'fitted');
is(categories($twice, 'Sec-GPC', '0', 'Sec-GPC', '1'), 'location', 'one of several lines is enough');

# her later, more specific word

my $knowing = $t->decide(level => 'fitted', headers => [@gpc]);
is(categories($knowing, @gpc), 'location,statistics', 'what she decided with the signal there holds');

# nobody, and nothing to take

is(categories('', @gpc), '', 'without a decision there is nothing to take');
is($up->last->header('Sec-GPC'), '1', 'and it is passed on');

my $less = $t->decide(level => 'forms');
is(categories($less, @gpc), 'contact,identity', 'nor where nothing is marked');
is_deeply([history($less)], ['given api'], 'then nothing is written');

done_testing();
